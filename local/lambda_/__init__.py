"""AWS Lambda on a laptop: one warm process per concurrent call, under the official runtime client."""
