"""What is known of the documented code without a model."""
