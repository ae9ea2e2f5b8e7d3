"""How needs, sellers and money find each other: directory, access, demand, offers, contracting."""
