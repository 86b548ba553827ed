"""Foods of the user's own: recipes and labels, turned into foods that diary lines can be matched to."""
