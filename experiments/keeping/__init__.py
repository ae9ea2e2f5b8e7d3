"""What lies on disk and what it rests on: store, parts, manifest, provenance."""
