"""What the analyst asks about a file and keeps of the reply, whoever asks: a call now, or a batch inference job."""
