"""Groups of people: usual intakes, their prevalences, and survey means."""
