"""Keeps the food data of a user up to date: fetches official releases, builds databases of them, chooses among them.

The embedded release is always there. What is installed beside it lies in the user's data folder
(`nutridiary.fdc.installed` tells the layout); a release is either there whole or not at all.
"""

from nutridiary.releases.choice import remove_release, use_release
from nutridiary.releases.status import Status, release_status
from nutridiary.releases.update import Updated, update

__all__ = ["Status", "Updated", "release_status", "remove_release", "update", "use_release"]
