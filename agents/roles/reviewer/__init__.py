"""The reviewer: one role with two subjects, security and performance."""
