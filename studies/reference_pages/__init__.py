"""Pages of docs/model that are made from committed tables."""
