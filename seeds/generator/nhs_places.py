"""NHS organisations that the synthetic health files name: sub-ICB locations, boards and providers.

Here: codes, names and the sizes that were drawn for them. Names and codes are the public ones of the
Organisation Data Service; which provider belongs to which board is simplified to one board each. Not
here: any figure (`mental_health`, `community_waits`).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from seeds.generator.country import stream

BOARDS = {
    "QE1": "Lancashire and South Cumbria", "QF7": "South Yorkshire", "QGH": "Herefordshire and Worcestershire",
    "QH8": "Mid and South Essex", "QHG": "Bedfordshire, Luton and Milton Keynes", "QHL": "Birmingham and Solihull",
    "QHM": "North East and North Cumbria", "QJ2": "Derby and Derbyshire", "QJG": "Suffolk and North East Essex",
    "QJK": "Devon", "QJM": "Lincolnshire", "QK1": "Leicester, Leicestershire and Rutland",
    "QKK": "South East London", "QKS": "Kent and Medway", "QM7": "Hertfordshire and West Essex",
    "QMF": "North East London", "QMJ": "North Central London", "QMM": "Norfolk and Waveney",
    "QNC": "Staffordshire and Stoke-on-Trent", "QNQ": "Frimley", "QNX": "Sussex",
    "QOC": "Shropshire, Telford and Wrekin", "QOP": "Greater Manchester", "QOQ": "Humber and North Yorkshire",
    "QOX": "Bath and North East Somerset, Swindon and Wiltshire", "QPM": "Northamptonshire",
    "QR1": "Gloucestershire", "QRL": "Hampshire and Isle of Wight", "QRV": "North West London", "QSL": "Somerset",
    "QT1": "Nottingham and Nottinghamshire", "QT6": "Cornwall and the Isles of Scilly",
    "QU9": "Buckinghamshire, Oxfordshire and Berkshire West", "QUA": "Black Country",
    "QUE": "Cambridgeshire and Peterborough", "QUY": "Bristol, North Somerset and South Gloucestershire",
    "QVV": "Dorset", "QWE": "South West London", "QWO": "West Yorkshire", "QWU": "Coventry and Warwickshire",
    "QXU": "Surrey Heartlands", "QYG": "Cheshire and Merseyside",
}  # fmt: skip

SUB_ICBS = {
    "QE1": "00Q 00R 00X 01A 01E 01K 02G 02M", "QF7": "02P 02X 03L 03N", "QGH": "18C", "QH8": "06Q 07G 99E 99F 99G",
    "QHG": "M1J4Y", "QHL": "15E", "QHM": "00L 00N 00P 01H 13T 16C 84H 99C", "QJ2": "15M", "QJG": "06L 06T 07K",
    "QJK": "15N", "QJM": "71E", "QK1": "03W 04C 04V", "QKK": "72Q", "QKS": "91Q", "QM7": "06K 06N 07H",
    "QMF": "A3A8R", "QMJ": "93C", "QMM": "26A", "QNC": "04Y 05D 05G 05Q 05V 05W", "QNQ": "D4U1Y",
    "QNX": "09D 70F 97R", "QOC": "M2L0M", "QOP": "00T 00V 00Y 01D 01G 01W 01Y 02A 02H 14L",
    "QOQ": "02Y 03F 03H 03K 03Q 42D", "QOX": "92G", "QPM": "78H", "QR1": "11M", "QRL": "10R D9Y0V", "QRV": "W2U3Z",
    "QSL": "11X", "QT1": "02Q 52R", "QT6": "11N", "QU9": "10Q 14Y 15A", "QUA": "D2P2L", "QUE": "06H", "QUY": "15C",
    "QVV": "11J", "QWE": "36L", "QWO": "02T 03R 15F 36J X2C4Y", "QWU": "B2M3M", "QXU": "92A",
    "QYG": "01F 01J 01T 01V 01X 02E 12F 27D 99A",
}  # fmt: skip

# Children for whom a sub-ICB location answers, in thousands, where a flagship authority lies in it.
KNOWN_SIZES = {"02H": 72, "D2P2L": 290, "01H": 62, "11J": 145}

PROVIDERS = (
    ("RRF", "WRIGHTINGTON, WIGAN AND LEIGH NHS FOUNDATION TRUST", "QOP", 70),
    ("RL4", "THE ROYAL WOLVERHAMPTON NHS TRUST", "QUA", 68),
    ("RNN", "NORTH CUMBRIA INTEGRATED CARE NHS FOUNDATION TRUST", "QHM", 55),
    ("RDY", "DORSET HEALTHCARE UNIVERSITY NHS FOUNDATION TRUST", "QVV", 140),
    ("RMC", "BOLTON NHS FOUNDATION TRUST", "QOP", 70),
    ("R0A", "MANCHESTER UNIVERSITY NHS FOUNDATION TRUST", "QOP", 180),
    ("RM3", "NORTHERN CARE ALLIANCE NHS FOUNDATION TRUST", "QOP", 190),
    ("RWJ", "STOCKPORT NHS FOUNDATION TRUST", "QOP", 65),
    ("RMP", "TAMESIDE AND GLOSSOP INTEGRATED CARE NHS FOUNDATION TRUST", "QOP", 55),
    ("RBS", "ALDER HEY CHILDREN'S NHS FOUNDATION TRUST", "QYG", 150),
    ("RW4", "MERSEY CARE NHS FOUNDATION TRUST", "QYG", 120),
    ("RY2", "BRIDGEWATER COMMUNITY HEALTHCARE NHS FOUNDATION TRUST", "QYG", 75),
    ("RY7", "WIRRAL COMMUNITY HEALTH AND CARE NHS FOUNDATION TRUST", "QYG", 65),
    ("RBT", "MID CHESHIRE HOSPITALS NHS FOUNDATION TRUST", "QYG", 60),
    ("RW5", "LANCASHIRE & SOUTH CUMBRIA NHS FOUNDATION TRUST", "QE1", 200),
    ("RXL", "BLACKPOOL TEACHING HOSPITALS NHS FOUNDATION TRUST", "QE1", 65),
    ("RXR", "EAST LANCASHIRE HOSPITALS NHS TRUST", "QE1", 110),
    ("RTX", "UNIVERSITY HOSPITALS OF MORECAMBE BAY NHS FOUNDATION TRUST", "QE1", 60),
    ("RR7", "GATESHEAD HEALTH NHS FOUNDATION TRUST", "QHM", 40),
    ("RTD", "THE NEWCASTLE UPON TYNE HOSPITALS NHS FOUNDATION TRUST", "QHM", 100),
    ("RTF", "NORTHUMBRIA HEALTHCARE NHS FOUNDATION TRUST", "QHM", 100),
    ("RXP", "COUNTY DURHAM AND DARLINGTON NHS FOUNDATION TRUST", "QHM", 120),
    ("RY6", "LEEDS COMMUNITY HEALTHCARE NHS TRUST", "QWO", 170),
    ("TAD", "BRADFORD DISTRICT CARE NHS FOUNDATION TRUST", "QWO", 150),
    ("RXF", "MID YORKSHIRE TEACHING NHS TRUST", "QWO", 110),
    ("RXG", "SOUTH WEST YORKSHIRE PARTNERSHIP NHS FOUNDATION TRUST", "QWO", 90),
    ("RCU", "SHEFFIELD CHILDREN'S NHS FOUNDATION TRUST", "QF7", 120),
    ("RXE", "ROTHERHAM DONCASTER AND SOUTH HUMBER NHS FOUNDATION TRUST", "QF7", 110),
    ("RFR", "THE ROTHERHAM NHS FOUNDATION TRUST", "QF7", 58),
    ("RV9", "HUMBER TEACHING NHS FOUNDATION TRUST", "QOQ", 120),
    ("RCB", "YORK AND SCARBOROUGH TEACHING HOSPITALS NHS FOUNDATION TRUST", "QOQ", 100),
    ("RYW", "BIRMINGHAM COMMUNITY HEALTHCARE NHS FOUNDATION TRUST", "QHL", 330),
    ("TAJ", "BLACK COUNTRY HEALTHCARE NHS FOUNDATION TRUST", "QUA", 120),
    ("RBK", "WALSALL HEALTHCARE NHS TRUST", "QUA", 70),
    ("RXK", "SANDWELL AND WEST BIRMINGHAM HOSPITALS NHS TRUST", "QUA", 90),
    ("RYG", "COVENTRY AND WARWICKSHIRE PARTNERSHIP NHS TRUST", "QWU", 200),
    ("RRE", "MIDLANDS PARTNERSHIP NHS FOUNDATION TRUST", "QNC", 230),
    ("R1D", "SHROPSHIRE COMMUNITY HEALTH NHS TRUST", "QOC", 105),
    ("RLQ", "WYE VALLEY NHS TRUST", "QGH", 40),
    ("RT5", "LEICESTERSHIRE PARTNERSHIP NHS TRUST", "QK1", 240),
    ("RHA", "NOTTINGHAMSHIRE HEALTHCARE NHS FOUNDATION TRUST", "QT1", 230),
    ("RY8", "DERBYSHIRE COMMUNITY HEALTH SERVICES NHS FOUNDATION TRUST", "QJ2", 200),
    ("RP1", "NORTHAMPTONSHIRE HEALTHCARE NHS FOUNDATION TRUST", "QPM", 180),
    ("RY5", "LINCOLNSHIRE COMMUNITY HEALTH SERVICES NHS TRUST", "QJM", 150),
    ("RYV", "CAMBRIDGESHIRE COMMUNITY SERVICES NHS TRUST", "QUE", 200),
    ("RY3", "NORFOLK COMMUNITY HEALTH AND CARE NHS TRUST", "QMM", 190),
    ("RY4", "HERTFORDSHIRE COMMUNITY NHS TRUST", "QM7", 270),
    ("RWK", "EAST LONDON NHS FOUNDATION TRUST", "QMF", 250),
    ("RAT", "NORTH EAST LONDON NHS FOUNDATION TRUST", "QMF", 240),
    ("RKE", "WHITTINGTON HEALTH NHS TRUST", "QMJ", 150),
    ("RV3", "CENTRAL AND NORTH WEST LONDON NHS FOUNDATION TRUST", "QRV", 220),
    ("RYX", "CENTRAL LONDON COMMUNITY HEALTHCARE NHS TRUST", "QRV", 240),
    ("RJ2", "LEWISHAM AND GREENWICH NHS TRUST", "QKK", 130),
    ("RPG", "OXLEAS NHS FOUNDATION TRUST", "QKK", 180),
    ("RJ6", "CROYDON HEALTH SERVICES NHS TRUST", "QWE", 90),
    ("RYY", "KENT COMMUNITY HEALTH NHS FOUNDATION TRUST", "QKS", 330),
    ("RDR", "SUSSEX COMMUNITY NHS FOUNDATION TRUST", "QNX", 260),
    ("NTV", "CSH SURREY", "QXU", 210),
    ("R1C", "SOLENT NHS TRUST", "QRL", 190),
    ("RW1", "SOUTHERN HEALTH NHS FOUNDATION TRUST", "QRL", 200),
    ("RWX", "BERKSHIRE HEALTHCARE NHS FOUNDATION TRUST", "QU9", 210),
    ("RXQ", "BUCKINGHAMSHIRE HEALTHCARE NHS TRUST", "QU9", 125),
    ("NLX", "SIRONA CARE & HEALTH", "QUY", 200),
    ("RTQ", "GLOUCESTERSHIRE HEALTH AND CARE NHS FOUNDATION TRUST", "QR1", 130),
    ("RH5", "SOMERSET NHS FOUNDATION TRUST", "QSL", 110),
    ("RJ8", "CORNWALL PARTNERSHIP NHS FOUNDATION TRUST", "QT6", 105),
    ("NR5", "LIVEWELL SOUTHWEST", "QJK", 55),
    ("RH8", "ROYAL DEVON UNIVERSITY HEALTHCARE NHS FOUNDATION TRUST", "QJK", 90),
)


@cache
def sub_icbs() -> pd.DataFrame:
    """Sub-ICB locations: code, name, board, children. Sizes are drawn but for four of them."""
    rng = stream("sub-ICB sizes")
    rows = []
    for board, codes in SUB_ICBS.items():
        listed = codes.split()
        for code in listed:
            drawn = rng.lognormal(np.log(0.95 if len(listed) > 1 else 2.6), 0.35) * 72
            thousands = KNOWN_SIZES.get(code, drawn)
            name = f"NHS {BOARDS[board].upper()} ICB - {code}"
            rows.append((code, name, board, int(1000 * thousands)))
    return pd.DataFrame(rows, columns=["code", "name", "board", "children"])
