"""The FoodData Central API: foods that the installed tables lack, when asked for.

`FdcClient` searches, lists and fetches; `fetch_foods` is what an analysis asks. What cannot be
reached never ends anything: it is told, and the answers that were kept are used.
"""

from nutridiary.fdc.api.cache import cache_file
from nutridiary.fdc.api.client import FdcClient
from nutridiary.fdc.api.fetched import Fetched
from nutridiary.fdc.api.fetching import Lookups, fetch_foods, products_by_gtin
from nutridiary.fdc.api.key import key_source

__all__ = ["FdcClient", "Fetched", "Lookups", "cache_file", "fetch_foods", "key_source", "products_by_gtin"]
