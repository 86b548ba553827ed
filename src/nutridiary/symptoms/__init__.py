"""Days with a symptom beside days without it."""
