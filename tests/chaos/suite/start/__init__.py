"""Put before the local cloud's own folder on every worker's path; see runtime_start.py."""
