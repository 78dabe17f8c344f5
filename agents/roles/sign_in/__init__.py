"""Signs readers of a private hosted site in, through the company's OpenID Connect provider."""
