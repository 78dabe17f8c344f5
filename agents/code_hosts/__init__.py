"""Code hosts over HTTPS: which address has a commit's archive, which token opens it, and how it is downloaded."""
