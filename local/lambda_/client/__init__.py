"""Put on a worker's path where awslambdaric has no native part; see runtime_client.py."""
