"""Which days had a symptom, which had not, and which the diary does not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutridiary.symptoms.names import ANY, symptom_names
from nutridiary.tables import SYMPTOM_DAYS, conform

if TYPE_CHECKING:
    import pandas as pd

NIGHT_ENDS = "06:00"
"""A symptom noted before this time belongs to the day before, of which the night is the end."""

BASES = {
    "noted": "noted on this day",
    "noted_absent": "noted as not felt",
    "no_note": "no note, between the person's first note and the last",
    "outside": "before the person's first note, or after the last",
    "left_open": "no note, though days without are mostly noted as such",
}
"""What tells whether a symptom was felt on a day, and how that is said."""

_FELT, _ABSENT, _SILENT, _OUTSIDE, _OPEN = BASES


def symptom_days(symptoms: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """Return, for each person and symptom, every date on record and whether the symptom was felt.

    A day with a note of the symptom had it, unless the note says "none" or gives severity 0. A day without a note
    did not have it if it lies between the first and the last note of the person, about whatever symptom: a diary
    of symptoms is kept by writing down what is felt. Before and after, nobody knows. Where days without the
    symptom are mostly noted as such (on at least as many days as have no note at all), a day without a note is
    unknown.

    Parameters
    ----------
    symptoms : pandas.DataFrame
        `tables.SYMPTOMS`. Lines with a problem tell nothing. Lines without a person are of the diary's one person;
        in a diary of several they are of nobody it names.
    days : pandas.DataFrame
        `tables.DAILY_INTAKES`, for the recorded days.

    Returns
    -------
    pandas.DataFrame
        `tables.SYMPTOM_DAYS`. Only symptoms somebody named are in it, under their name in
        ``data/symptom_words.csv`` or their own words.

    Examples
    --------
    >>> import pandas as pd
    >>> from nutridiary.tables import DAILY_INTAKES, SYMPTOMS
    >>> dates = pd.to_datetime(["2026-03-02", "2026-03-04"])
    >>> noted = pd.DataFrame({"date": dates, "symptom": ["calf cramp", "cramps"]})
    >>> eaten = pd.DataFrame({"date": pd.date_range("2026-03-01", "2026-03-04")})
    >>> found = symptom_days(conform(noted, SYMPTOMS), conform(eaten, DAILY_INTAKES))
    >>> found[["symptom", "felt", "basis"]].to_numpy().tolist()[:3]
    [['cramp', <NA>, 'outside'], ['cramp', True, 'noted'], ['cramp', False, 'no_note']]
    """
    import pandas as pd

    notes = _notes(symptoms, days)
    recorded = days.loc[days["date"].notna(), ["person_id", "date"]].drop_duplicates()
    tables = [
        _days_of_person(person_id, own, _of_person(recorded, person_id)["date"])
        for person_id, own in notes.groupby("person_id", dropna=False, sort=True)
    ]
    found = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    return conform(found, SYMPTOM_DAYS)


def _of_person(frame: pd.DataFrame, person_id: object) -> pd.DataFrame:
    """Return the rows of one person; a missing name is a person, too."""
    own = frame["person_id"].eq(person_id) if isinstance(person_id, str) else frame["person_id"].isna()
    return frame[own]


def _notes(symptoms: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each symptom a usable line names: whose, on which day, and whether it was felt."""
    import pandas as pd

    usable = symptoms[symptoms["problem"].isna() & symptoms["date"].notna() & symptoms["symptom"].notna()]
    usable = usable.assign(
        person_id=_whose(usable["person_id"], days["person_id"]),
        date=_day_of(usable),
        names=usable["symptom"].map(symptom_names),
    ).explode("names")
    usable = usable[usable["names"].notna()]  # a line that says "not known" tells nothing
    said = pd.DataFrame(usable["names"].tolist(), columns=["name", "said"], index=usable.index)
    usable = usable.assign(name=said["name"].astype("str"), felt=said["said"].astype("bool") & usable["severity"].ne(0))
    return usable[["person_id", "date", "name", "felt", "severity", "duration"]].reset_index(drop=True)


def _whose(noted: pd.Series[str], eaten: pd.Series[str]) -> pd.Series[str]:
    """Return whose each note is: a sheet or a diary that names nobody is of the one person there is."""
    people, named = eaten.drop_duplicates(), noted.dropna().unique()
    if len(people) != 1 or len(named) > 1:
        return noted
    if people.isna().all():
        return noted.where(noted.isna())  # one name on the symptoms, none in the diary: the same person
    return noted.fillna(people.iloc[0])


def _day_of(notes: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """Return the day whose food came before each note: of the small hours, the day before.

    A line of a diary whose day starts later than midnight has been moved already, and its note says so.
    """
    import pandas as pd

    moved = notes["note"].str.contains("counted on the day before", regex=False, na=False)
    night = notes["time"].notna() & notes["time"].lt(NIGHT_ENDS) & ~moved
    return notes["date"].mask(night, notes["date"] - pd.Timedelta(days=1))


def _days_of_person(person_id: object, notes: pd.DataFrame, recorded: pd.Series[pd.Timestamp]) -> pd.DataFrame:
    """Return one person's dates on record for each symptom."""
    import pandas as pd

    key = ["symptom", "date"]
    dates = pd.concat([recorded, notes["date"]]).drop_duplicates().sort_values()
    named = notes[notes["name"] != ANY].rename(columns={"name": "symptom"})
    if named.empty:
        return pd.DataFrame()
    grid = pd.MultiIndex.from_product([sorted(named["symptom"].unique()), dates], names=key).to_frame(index=False)
    felt = (
        named[named["felt"]]
        .groupby(key)
        .agg(
            times=("felt", "size"), worst=("severity", "max"), timed=("duration", "count"), minutes=("duration", "sum")
        )
    )
    # A note without a duration leaves the whole unknown.
    felt["minutes"] = felt["minutes"].where(felt["timed"] == felt["times"])
    felt = felt.drop(columns="timed").reset_index()
    rows = grid.merge(felt, on=key, how="left", validate="one_to_one")
    rows["person_id"] = person_id if isinstance(person_id, str) else None
    denied = pd.MultiIndex.from_frame(named.loc[~named["felt"], key])
    absent = rows["date"].isin(notes.loc[notes["name"].eq(ANY), "date"]) | pd.MultiIndex.from_frame(rows[key]).isin(
        denied
    )
    kept = rows["date"].between(notes["date"].min(), notes["date"].max())
    rows["basis"] = _basis(rows["symptom"], rows["times"].notna(), absent, kept)
    rows["felt"] = rows["basis"].map({_FELT: True, _ABSENT: False, _SILENT: False}).astype("boolean")
    rows["times"] = rows["times"].mask(rows["basis"].isin([_ABSENT, _SILENT]), 0)
    return rows


def _basis(
    symptom: pd.Series[str], noted: pd.Series[bool], absent: pd.Series[bool], kept: pd.Series[bool]
) -> pd.Series[str]:
    """Return what tells each date of each symptom, as in `BASES`; a note that it was felt goes before one that not."""
    import pandas as pd

    silent, said = kept & ~noted & ~absent, absent & ~noted
    often, seldom = (days.groupby(symptom).transform("sum") for days in (said, silent))
    habit = pd.Series(_SILENT, index=noted.index).mask((often > 0) & (often >= seldom), _OPEN)
    return pd.Series(_OUTSIDE, index=noted.index).mask(silent, habit).mask(absent, _ABSENT).mask(noted, _FELT)
