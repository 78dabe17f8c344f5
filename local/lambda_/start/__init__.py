"""Put on every worker's path; see runtime_start.py."""
