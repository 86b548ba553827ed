"""The branded foods of FoodData Central, two million labels, in a database that is searched and read at once.

`open_branded` opens what an update has built (`nutridiary.fdc.branded.build`).
"""

from nutridiary.fdc.branded.database import BrandedDatabase, branded_beside, open_branded
from nutridiary.fdc.branded.schema import BrandedCounts

__all__ = ["BrandedCounts", "BrandedDatabase", "branded_beside", "open_branded"]
