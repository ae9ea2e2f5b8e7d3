"""What is assumed: the schema, the levers traced to the plan, the province packs, the named scenarios."""
