"""CloudFront on a laptop: hosted sites on 127.0.0.1, under the paths, cookies and headers that the distribution has."""
