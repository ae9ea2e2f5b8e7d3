"""What a planner may conclude: tables that commands write for a province, and a page that reads them."""
