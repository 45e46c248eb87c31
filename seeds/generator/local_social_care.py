"""Children in need, children looked after and the inspection lists of the imaginary person-level Wigan.

Here: the children in need census as XML, the looked-after return as CSV, and the workbook of Annex A. Not here:
early help, short breaks and youth justice (`local_services`), or the counts that are published (`social_care`), of
which those on 31 March are met here child by child.

Some of the children looked after are in need too, and many of both have SEN support or a plan.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from seeds.generator import local_census, social_care
from seeds.generator.country import Ints, country, stream
from seeds.generator.local_events import as_text, chosen, words
from seeds.generator.local_people import FLAGSHIP, people
from seeds.generator.local_sen2 import tables as sen2_tables
from seeds.generator.writing import csv_bytes, gzip_bytes, write, xlsx_bytes

# The codes that are recorded most, and how often.
PRIMARY_NEEDS = {"N1": 0.57, "N2": 0.10, "N3": 0.02, "N4": 0.09, "N5": 0.13, "N6": 0.02, "N8": 0.05, "N0": 0.02}
SOURCES = {"6": 0.29, "2B": 0.19, "5A": 0.14, "3A": 0.12, "1A": 0.07, "3F": 0.06, "9": 0.05, "10": 0.05, "4": 0.03}
FACTORS = {"3B": 0.3, "4B": 0.3, "2B": 0.14, "19B": 0.14, "18B": 0.11, "4A": 0.17, "5A": 0.14, "1B": 0.12, "21": 0.1}
DISABILITIES = {"AUT": 0.36, "LD": 0.28, "BEH": 0.16, "COMM": 0.08, "MOB": 0.07, "CON": 0.05}


def _stock(kind: str, year: int) -> int:
    """The children of the followed authority on 31 March of the year, as published: in need or looked after."""
    counts = social_care.in_need()["at_31_march"] if kind == "need" else social_care.looked_after()["on_31_march"]
    return int(counts[country().index_of(FLAGSHIP), social_care.YEARS.index(year)])


@cache
def _helped() -> pd.DataFrame:
    """Every episode of need open in the two years to March 2025: person, start, end, and what is recorded of it.

    Of those open on 31 March 2024 half are open a year later.
    """
    rng = stream("local children in need")
    before, now = _stock("need", 2024), _stock("need", 2025)
    stay, brief = before // 2, 900
    table = chosen(rng, before + now - stay + brief, (1, 17), plan=6.0, support=3.0, other=0.75, slope=0.4)
    table = table.sample(frac=1, random_state=11).reset_index(drop=True)
    count, number = len(table), np.arange(len(table))
    open_before, open_now = number < before, (number >= before - stay) & (number < before + now - stay)
    year = np.where(open_before, 2023, 2024)
    start = pd.Timestamp("2023-04-03") + pd.to_timedelta(
        np.where(year == 2023, 0, 366) + rng.integers(0, 355, count), unit="D"
    )
    long_ago = open_before & (rng.random(count) < 0.35)
    start = pd.Series(start - pd.to_timedelta(np.where(long_ago, rng.integers(380, 1_200, count), 0), unit="D"))
    start = start.where(start > table["birth"], table["birth"] + pd.Timedelta(days=3))
    ends = pd.Timestamp("2024-04-02") + pd.to_timedelta(rng.integers(0, 355, count), unit="D")
    brief_end = (start + pd.to_timedelta(rng.integers(20, 120, count), unit="D")).clip(upper=pd.Timestamp("2025-03-28"))
    end = pd.Series(ends).where(open_before, brief_end).where(~open_now)
    disabled = rng.random(count) < np.select([table["stage"].eq("E"), table["stage"].eq("K")], [0.42, 0.08], 0.02)
    protected = rng.random(count) < 0.15
    return table.assign(
        start=start,
        end=end,
        need_code=np.where(disabled & (rng.random(count) < 0.6), "N2", words(rng, count, PRIMARY_NEEDS)),
        source=words(rng, count, SOURCES),
        disability=np.where(disabled, words(rng, count, DISABILITIES), "NONE"),
        protected=protected,
        category=words(rng, count, {"NEG": 0.5, "EMO": 0.35, "PHY": 0.1, "SAB": 0.05}),
        factor=words(rng, count, FACTORS),
        second=words(rng, count, FACTORS),
        reason=words(rng, count, {"RC7": 0.6, "RC8": 0.2, "RC9": 0.17, "RC5": 0.03}),
        earlier=rng.poisson(0.25, count),
        no_action=(number >= count - brief) & (rng.random(count) < 0.3),
    )


def children_in_need(folder: Path, edition: int) -> list[Path]:
    """The census of the year to 31 March of the edition: every episode open at some time in it."""
    first, last = pd.Timestamp(f"{edition - 1}-04-01"), pd.Timestamp(f"{edition}-03-31")
    table = _helped()
    table = table[(table["start"] <= last) & ~(table["end"] < first)].reset_index(drop=True)
    table["end"] = table["end"].where(table["end"] <= last)
    found = as_text(
        table.assign(
            assessed=table["start"] + pd.Timedelta(days=4),
            authorised=(table["start"] + pd.Timedelta(days=41)).where(lambda day: day <= last),
            conference=table["start"] + pd.Timedelta(days=30),
            plan=table["start"] + pd.Timedelta(days=48),
            review=(table["start"] + pd.Timedelta(days=110)).where(lambda day: day <= table["end"].fillna(last)),
        )
    )
    dated = (table["start"] + pd.Timedelta(days=48)) <= table["end"].fillna(last)
    protected, planned = table["protected"] & dated, ~table["protected"] & dated & ~table["no_action"]
    number = pd.Series("LOC" + table["person"].astype(str).str.zfill(7))
    body = (
        "<Child><ChildIdentifiers>"
        + _tag("LAchildID", number)
        + _tag("UPN", found["upn"])
        + _tag("UPNunknown", found["upn"].eq("").map({True: "UN1", False: ""}))
        + _tag("PersonBirthDate", found["birth"])
        + _tag(
            "Sex" if edition > 2024 else "GenderCurrent",
            found["sex"] if edition > 2024 else found["sex"].map({"M": "1", "F": "2"}),
        )
        + "</ChildIdentifiers><ChildCharacteristics>"
        + _tag("Ethnicity", found["ethnicity"])
        + "<Disabilities>"
        + _tag("Disability", found["disability"])
        + "</Disabilities></ChildCharacteristics><CINdetails>"
        + _tag("CINreferralDate", found["start"])
        + _tag("ReferralSource", found["source"])
        + _tag("PrimaryNeedCode", found["need_code"].where(~table["no_action"], ""))
        + _tag("CINclosureDate", found["end"])
        + _tag("ReasonForClosure", found["reason"].where(found["end"] != "", ""))
        + _tag("DateOfInitialCPC", found["conference"].where(protected, ""))
        + _tag("ReferralNFA", found["no_action"])
        + (_assessment(found)).where(~table["no_action"], "")
        + _span("CINPlanDates", "CINPlan", found, planned)
        + _protection(found, protected)
        + "</CINdetails></Child>\n"
    )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Message><Header><CollectionDetails><Collection>CIN</Collection>'
        f"<Year>{edition}</Year><ReferenceDate>{last.date()}</ReferenceDate></CollectionDetails><Source>"
        "<SourceLevel>L</SourceLevel><LEA>359</LEA><SoftwareCode>Synthetic</SoftwareCode><Release>1</Release>"
        f"<SerialNo>001</SerialNo><DateTime>{last.date()}T12:00:00</DateTime></Source></Header>\n<Children>\n"
    )
    content = head + "".join(body) + "</Children></Message>\n"
    return [write(folder / f"children_in_need_{edition}.xml.gz", gzip_bytes(content.encode()))]


def _tag(name: str, cells: pd.Series) -> pd.Series:
    """The filled cells as elements; nothing for an empty one."""
    return (f"<{name}>" + cells.astype(str) + f"</{name}>").where(cells.astype(str) != "", "")


def _assessment(found: pd.DataFrame) -> pd.Series:
    factors = _tag("AssessmentFactors", found["factor"]) + _tag(
        "AssessmentFactors", found["second"].where(found["second"] != found["factor"], "")
    )
    inside = ("<FactorsIdentifiedAtAssessment>" + factors + "</FactorsIdentifiedAtAssessment>").where(
        found["authorised"] != "", ""
    )
    return (
        "<Assessments>"
        + _tag("AssessmentActualStartDate", found["assessed"])
        + _tag("AssessmentAuthorisationDate", found["authorised"])
        + inside
        + "</Assessments>"
    )


def _span(element: str, stem: str, found: pd.DataFrame, where: pd.Series) -> pd.Series:
    dates = _tag(f"{stem}StartDate", found["plan"]) + _tag(f"{stem}EndDate", found["end"])
    return (f"<{element}>" + dates + f"</{element}>").where(where, "")


def _protection(found: pd.DataFrame, where: pd.Series) -> pd.Series:
    """An enquiry and the child protection plan that followed, with its first review."""
    enquiry = (
        "<Section47>"
        + _tag("S47ActualStartDate", found["assessed"])
        + _tag("DateOfInitialCPC", found["conference"])
        + "<ICPCnotRequired>false</ICPCnotRequired></Section47>"
    )
    review = ("<Reviews>" + _tag("CPPreviewDate", found["review"]) + "</Reviews>").where(found["review"] != "", "")
    plan = (
        "<ChildProtectionPlans>"
        + _tag("CPPstartDate", found["plan"])
        + _tag("CPPendDate", found["end"])
        + _tag("InitialCategoryOfAbuse", found["category"])
        + _tag("LatestCategoryOfAbuse", found["category"])
        + _tag("NumberOfPreviousCPP", found["earlier"])
        + review
        + "</ChildProtectionPlans>"
    )
    return (enquiry + plan).where(where, "")


@cache
def _in_care() -> pd.DataFrame:
    """Every child looked after in the two years to March 2025; three in four stay from one March to the next."""
    rng = stream("local children looked after")
    before, now = _stock("care", 2024), _stock("care", 2025)
    stay = round(0.75 * min(before, now))
    needs = {"SEMH": 3.0, "": 1.0}
    table = chosen(rng, before + now - stay, (1, 16), 9.0, 3.2, 0.6, needs=needs, slope=0.4)
    table = table.sample(frac=1, random_state=12).reset_index(drop=True)
    count, number = len(table), np.arange(len(table))
    start = pd.Timestamp("2024-03-20") - pd.to_timedelta(rng.integers(5, 2_000, count), unit="D")
    later = pd.Timestamp("2024-04-04") + pd.to_timedelta(rng.integers(0, 350, count), unit="D")
    begun = pd.Series(np.where(number < before, start, later)).astype("datetime64[ns]")
    born = table["birth"] + pd.Timedelta(days=30)
    begun = begun.where(begun > born, born)
    ended = pd.Series(pd.Timestamp("2024-04-10") + pd.to_timedelta(rng.integers(0, 350, count), unit="D"))
    return table.assign(
        start=begun,
        end=ended.where(number < before - stay),
        legal=words(rng, count, {"C2": 0.6, "C1": 0.19, "V2": 0.15, "E1": 0.06}),
        cin=words(rng, count, {"N1": 0.66, "N5": 0.14, "N4": 0.08, "N8": 0.06, "N2": 0.04, "N3": 0.02}),
        place=words(
            rng, count, {"U4": 0.3, "U6": 0.24, "U1": 0.1, "U3": 0.09, "K2": 0.14, "H5": 0.05, "P1": 0.07, "S1": 0.01}
        ),
        reason=words(rng, count, {"E4A": 0.35, "E46": 0.15, "E11": 0.12, "E5": 0.2, "E8": 0.18}),
        moved=rng.random(count) < 0.25,
        sdq=np.clip(rng.normal(14, 7, count), 0, 40).astype(int),
        healthy=rng.random(count) < 0.9,
        teeth=rng.random(count) < 0.84,
        immune=rng.random(count) < 0.87,
    )


def looked_after(folder: Path, edition: int) -> list[Path]:
    """Header, episodes and health of the children looked after at some time in the year to 31 March."""
    first, last = pd.Timestamp(f"{edition - 1}-04-01"), pd.Timestamp(f"{edition}-03-31")
    table = _in_care()
    table = table[(table["start"] <= last) & ~(table["end"] < first)].reset_index(drop=True)
    child = (700_000 + table["person"]).astype(str)
    code = table["sex"].map({"M": "1", "F": "2"})
    header = pd.DataFrame(
        {
            "CHILD": child,
            "SEX": code,
            "DOB": _british(table["birth"]),
            "ETHNIC": table["ethnicity"],
            "UPN": table["upn"].where(table["upn"] != "", "UN1"),
            "MOTHER": "",
            "MC_DOB": "",
        }
    )
    end = table["end"].where(table["end"] <= last)
    # One child in four changed placement: an episode ends and another begins on the same day.
    turn = table["start"] + (end.fillna(last) - table["start"]) / 2
    turn = turn.dt.normalize()
    moved = table["moved"] & (turn > table["start"]) & (turn < end.fillna(last))
    one = pd.DataFrame(
        {
            "CHILD": child,
            "DECOM": _british(table["start"]),
            "RNE": "S",
            "LS": table["legal"],
            "CIN": table["cin"],
            "PLACE": np.where(moved, "U6", table["place"]),
            "PLACE_PROVIDER": "PR1",
            "DEC": _british(turn.where(moved, end)),
            "REC": np.where(moved, "X1", table["reason"].where(end.notna(), "")),
            "REASON_PLACE_CHANGE": np.where(moved, "CARPL", ""),
            "HOME_POST": table["postcode"],
            "PL_POST": "",
            "URN": "",
        }
    )
    two = one[moved].assign(
        DECOM=_british(turn[moved]),
        RNE="P",
        PLACE=table["place"][moved],
        DEC=_british(end[moved]),
        REC=table["reason"].where(end.notna(), "")[moved],
        REASON_PLACE_CHANGE="",
    )
    episodes = pd.concat([one, two]).sort_index(kind="stable")
    year_long = (table["start"] <= last - pd.Timedelta(days=365)) & end.isna()
    scored = ((last - table["birth"]).dt.days / 365.25).between(4, 17)
    flags = {
        name: table[column].map({True: "1", False: "0"})
        for name, column in (("IMMUNISATIONS", "immune"), ("TEETH_CHECK", "teeth"), ("HEALTH_ASSESSMENT", "healthy"))
    }
    outcome = pd.DataFrame(
        {
            "CHILD": child,
            "DOB": _british(table["birth"]),
            "SDQ_SCORE": table["sdq"].astype(str).where(scored, ""),
            "SDQ_REASON": np.where(scored, "", "SDQ1"),
            "CONVICTED": "0",
            "HEALTH_CHECK": np.where(scored, "", "1"),
            **flags,
            "SUBSTANCE_MISUSE": "0",
            "INTERVENTION_RECEIVED": "",
            "INTERVENTION_OFFERED": "",
        }
    )[year_long]
    files = {"header": header, "episodes": episodes, "oc2": outcome}
    return [write(folder / f"SSDA903_{edition}_{name}.csv", csv_bytes(content)) for name, content in files.items()]


def _british(dates: pd.Series) -> pd.Series:
    return dates.dt.strftime("%d/%m/%Y").fillna("")


PLAN_HEADINGS = (
    "Unique ID",
    "UPN",
    "ULN",
    "Date of birth",
    "Gender",
    "Ethnicity",
    "Date initial EHC plan issued",
    "Date updated EHC plan issued",
    "Date EHC plan last reviewed",
    "SEN primary need",
    "Main education establishment – URN",
    "Elective home education",
    "Suspensions",
    "Permanent exclusions",
    "Absence",
    "Pupil Premium",
    "Known to children's social care?",
    "Does the child or young person have a disability?",
)


def annex_a(folder: Path, edition: int) -> list[Path]:
    """The inspection's lists: everyone with a plan, and pupils with SEN support of a twelfth of the schools."""
    rng = stream(f"annex a {edition}")
    everyone = people()
    roll = local_census.pupils(edition)
    missed = pd.Series(
        local_census.absence(edition).sum(axis=1).to_numpy() / local_census.SESSIONS * 100, index=roll["person"]
    )
    found = local_census.suspensions(edition)
    times = [
        found[found["category"] == kind]
        .groupby(roll["person"].to_numpy()[found["pupil"][found["category"] == kind]])
        .size()
        for kind in ("SUSP", "PERM")
    ]
    in_need = set(_helped().loc[_helped()["end"].isna(), "person"])

    def rows(persons: Ints, extra: pd.DataFrame) -> pd.DataFrame:
        table = everyone.iloc[persons]
        yes = {True: "Yes", False: "No"}
        return pd.DataFrame(
            {
                "Unique ID": [f"P{person:07d}" for person in persons],
                "UPN": table["upn"].where(table["upn"] != "", "UN1"),
                "ULN": table["uln"],
                "Date of birth": table["birth"].dt.strftime("%d/%m/%Y"),
                "Gender": table["sex"],
                "Ethnicity": table["ethnicity"],
                **{name: extra[name].to_numpy() for name in extra},
                "SEN primary need": table["need"].where(table["need"] != "", "OTH"),
                "Main education establishment – URN": table[f"school_{edition}"],
                "Elective home education": table[f"setting_{edition}"].eq("EHE").map(yes),
                "Suspensions": times[0].reindex(persons).fillna(0).astype(int).to_numpy(),
                "Permanent exclusions": times[1].reindex(persons).fillna(0).astype(int).to_numpy(),
                "Absence": missed.reindex(persons)
                .round(1)
                .map(lambda share: "" if np.isnan(share) else share)
                .to_numpy(),
                "Pupil Premium": np.where(rng.random(len(persons)) < 0.37, "Yes", "No"),
                "Known to children's social care?": pd.Series(persons).isin(in_need).map(yes).to_numpy(),
                "Does the child or young person have a disability?": np.where(
                    table["need"].isin(["PMLD", "SLD", "PD", "HI", "VI"]), "Yes", "No"
                ),
            }
        )

    returned = sen2_tables(edition)
    active = returned["activeplans"]
    start = returned["namedplan"].set_index("person")["start"].reindex(active["person"])
    dates = pd.DataFrame(
        {
            "Date initial EHC plan issued": _from_iso(start),
            "Date updated EHC plan issued": _from_iso(
                active["last_review"].where(active["last_review"] != "", start.to_numpy())
            ),
            "Date EHC plan last reviewed": _from_iso(active["last_review"]),
        }
    )
    one = rows(active["person"].to_numpy(), dates)[list(PLAN_HEADINGS)]
    schools = sorted(roll["school"].unique())[::12]
    support = roll.loc[roll["provision"].eq("K") & roll["school"].isin(schools), "person"].to_numpy()
    two = rows(support, pd.DataFrame()).drop(columns="Elective home education")
    sheets = {
        name: [list(table.columns), *table.astype(object).to_numpy().tolist()]
        for name, table in (("List_1", one), ("List_2", two))
    }
    return [write(folder / f"annex_a_{edition}.xlsx", xlsx_bytes(sheets))]


def _from_iso(cells: pd.Series) -> Ints:
    """Day first, as people write dates in the workbook."""
    return pd.to_datetime(cells, errors="coerce").dt.strftime("%d/%m/%Y").fillna("").to_numpy()
