"""What an account needs before its first `pulumi up`: a place for Pulumi's state, its key, and roles that deploy."""
