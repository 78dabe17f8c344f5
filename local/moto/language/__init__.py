"""The parts of the Amazon States Language that moto's interpreter reads otherwise than AWS does."""
