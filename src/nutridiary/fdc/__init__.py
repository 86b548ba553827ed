"""Food data of the US Department of Agriculture: releases, the database built from them, and the API."""
