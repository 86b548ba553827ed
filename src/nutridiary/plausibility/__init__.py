"""Whether what was recorded can be all that was eaten."""
