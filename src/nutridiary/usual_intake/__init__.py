"""What a few recorded days say of a person's usual intake."""
