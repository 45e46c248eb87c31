"""Who answers for the assessment, as printed: sign-off, contributions, assumptions, decisions and errata.

Here: the sections at the end of the report and the box on its cover, from what the area has written. Not here:
reading it or the rules of signing (`jsna_pipeline/governance/`), or markup (templates).

On paper stand the signatures, the errata and sentences; long lists are on screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from jsna_pipeline.governance.logs import Decision, DecisionStatus
from jsna_pipeline.governance.partners import Contribution, Kind, PartnerAccount, account, partner_accounts
from jsna_pipeline.governance.records import AreaGovernance
from jsna_pipeline.governance.sign_off import ASSURANCE, TAKEN_BY, Office, SignOff, Standing, Step, StepTaken
from jsna_pipeline.report import formatting
from jsna_pipeline.report.model import Chapter, Governance, Section, Statement, Table

UNSIGNED = "Not yet signed"
ON_PAPER = 6  # rows of a table that may still stand on paper
STEPS: Mapping[Step, str] = {
    Step.DRAFT: "Draft",
    Step.DATA_CHECKED: "Data checked",
    Step.HEALTH_CHECKED: "Health checked",
    Step.COPRODUCTION_STATEMENT: "Co-production statement",
    Step.ENDORSED: "Endorsed",
    Step.APPROVED: "Approved",
    Step.PUBLISHED: "Published",
}
OFFICES: Mapping[Office, str] = {
    Office.CHILDRENS_SERVICES: "Director of Children’s Services",
    Office.CLINICAL_OFFICER: "Designated clinical or medical officer",
    Office.CARE_BOARD: "Integrated care board lead for SEND",
}
KINDS: Mapping[Kind, str] = {
    Kind.DATA: "Data",
    Kind.WORDS: "Words",
    Kind.STATEMENT: "Statement",
    Kind.CHECK: "Check",
}
STATUSES: Mapping[DecisionStatus, str] = {
    DecisionStatus.OPEN: "Open",
    DecisionStatus.DONE: "Done",
    DecisionStatus.WITHDRAWN: "Withdrawn",
}


def governance_chapter(governance: AreaGovernance, number: int) -> Chapter | None:
    """The chapter; None where the area has written nothing of its governance."""
    if governance.is_blank:
        return None
    return Chapter(
        chapter_id="who-answers",
        number=number,
        title="Who answers for this assessment",
        question="Who wrote, checked and approved it, and on what does it rest?",
        opening=(_approval(governance.sign_off),),
        sections=governance_sections(governance),
    )


def governance_sections(governance: AreaGovernance) -> tuple[Section, ...]:
    """Sign-off always; the other sections where the area has written something."""
    sections = (
        _errata(governance),
        _sign_off(governance.sign_off),
        _contributions(governance.contributions, governance.cut_off),
        _assumptions(governance),
        _decisions(governance.decisions, governance.cut_off),
    )
    return tuple(section for section in sections if section is not None)


def governance_box(sign_off: SignOff) -> Governance:
    """The box on the cover; a signature that does not count is not in it."""
    endorsed, approved = sign_off.signed(Step.ENDORSED), sign_off.signed(Step.APPROVED)
    blank = "Not yet named"
    return Governance(
        owner=sign_off.owner or blank,
        author=sign_off.author or blank,
        endorsed_by=_who(endorsed) if endorsed else "Not yet endorsed",
        approved_by=_who(approved) if approved else "Not yet approved",
        approved_on=_day(approved.on) if approved else "Not yet approved",
        replaces=sign_off.replaces or "None recorded",
        next_refresh=sign_off.next_refresh or "Not yet set",
    )


def _day(day: date | None) -> str:
    return formatting.date_words(day) if day else formatting.EN_DASH


def _who(step: StepTaken) -> str:
    return f"{step.by}, {step.role}" if step.by and step.role else step.by or step.role


def _section(name: str, heading: str, statements: Sequence[Statement], tables: Sequence[Table], method: str) -> Section:
    return Section(
        section_id=f"governance-{name}",
        heading=heading,
        statements=tuple(statements),
        figures=(),
        tables=tuple(tables),
        method=method,
        sources=("What the area and its partners have written of this edition",),
    )


def _table(
    name: str,
    caption: str,
    columns: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    *,
    numeric: tuple[bool, ...] = (),
    in_pdf: bool,
    notes: tuple[str, ...] = (),
) -> Table:
    return Table(
        f"governance-{name}-table", caption, columns, tuple(rows), numeric or (False,) * len(columns), notes, in_pdf
    )


# --- sign-off ----------------------------------------------------------------------------------


def _sign_off(sign_off: SignOff) -> Section:
    said = [_state(sign_off)]
    if refused := [STEPS[one.step].lower() for one in sign_off.steps if one.standing is Standing.NOT_ACCEPTED]:
        text = f"Signed, but not counted: {formatting.listed(refused)}. A step counts when all before it are in order."
        said.append(Statement(text, "unknown", "Not counted"))
    if sign_off.blocking:
        number = formatting.counted(len(sign_off.blocking), "problem")
        verb = "blocks" if len(sign_off.blocking) == 1 else "block"
        text = f"{number} of the contributed files {verb} approval. A signed approval counts when they are mended."
        said.append(Statement(text, "unknown", "Approval blocked"))
    unsigned = [OFFICES[one.office] for one in sign_off.assurance if one.on is None]
    text = f"{ASSURANCE} {f'{UNSIGNED}: {formatting.listed(unsigned)}.' if unsigned else 'All three have signed.'}"
    said.append(Statement(text, "neutral", "Assurance"))
    if sign_off.quality_reviewed_by:
        said.append(Statement(f"{sign_off.quality_reviewed_by}.", "neutral", "Quality reviewed by"))
    tables = [
        _table(
            "sign-off",
            "Steps of sign-off, in the order in which they are taken",
            ("Step", "Taken by", "Date", "Note"),
            [_step_row(one) for one in sign_off.steps],
            in_pdf=True,
        ),
        _table(
            "assurance",
            "Signatures under the assurance statement",
            ("Office", "Signed by", "Date"),
            [(OFFICES[one.office], one.by or UNSIGNED, _day(one.on)) for one in sign_off.assurance],
            in_pdf=True,
        ),
    ]
    if sign_off.blocking:
        rows = [(one.file, one.place or "Whole file", formatting.sentence(one.what)) for one in sign_off.blocking]
        caption = "What blocks approval"
        tables.append(_table("blocking", caption, ("File", "Where", "What is to be mended"), rows, in_pdf=False))
    method = (
        "A step is signed with name, role and date. It does not count before the data cut-off, before the step that "
        "precedes it, or without that step. The document is a draft until it is approved."
    )
    return _section("sign-off", "Who has checked and approved this assessment?", said, tables, method)


def _approval(sign_off: SignOff) -> str:
    approved = sign_off.signed(Step.APPROVED)
    if approved is None:
        return "This is a draft: the health and wellbeing board has not approved it."
    return f"The health and wellbeing board approved this assessment on {_day(approved.on)}."


def _state(sign_off: SignOff) -> Statement:
    reached = sign_off.signed(sign_off.state)
    when = f" on {_day(reached.on)}" if reached else ""
    text = f"The last step taken is “{STEPS[sign_off.state].lower()}”{when}."
    if following := sign_off.next_step:
        text += f" The next is “{STEPS[following].lower()}”, by {TAKEN_BY[following]}."
    return Statement(text, "neutral", "Draft" if sign_off.draft else STEPS[sign_off.state])


def _step_row(one: StepTaken) -> tuple[str, str, str, str]:
    if one.standing is Standing.PENDING:
        return STEPS[one.step], UNSIGNED, formatting.EN_DASH, one.note or formatting.EN_DASH
    counted = one.standing is Standing.SIGNED
    who = _who(one) if counted else f"Not counted: {_who(one) or 'no name'}"
    return STEPS[one.step], who, _day(one.on), one.note or formatting.EN_DASH


# --- contributions -----------------------------------------------------------------------------


def _contributions(contributions: Sequence[Contribution], cut_off: date) -> Section | None:
    if not contributions:
        return None
    whole, accounts = account("All partners", contributions, cut_off), partner_accounts(contributions, cut_off)
    partners = formatting.counted(len(accounts), "partner")
    asked = formatting.counted(whole.asked, "contribution")
    text = f"{partners} {'was' if len(accounts) == 1 else 'were'} asked for {asked}."
    text += f" By {_day(cut_off)}, {formatting.number(whole.received)} had come."
    said = [Statement(text)]
    if whole.due:
        text = f"Of {formatting.number(whole.due)} due by then, {formatting.number(whole.on_time)} came on time."
        said.append(Statement(text))
    if late := [one.partner for one in accounts if one.overdue]:
        text = f"{formatting.counted(whole.overdue, 'contribution')} from {formatting.listed(late)}."
        said.append(Statement(text, "unknown", "Overdue at the cut-off"))
    counts = [
        (one.partner, *(formatting.number(n) for n in (one.asked, one.received, one.overdue)), _on_time(one))
        for one in (*accounts, whole)
    ]
    tables = (
        _table(
            "partners",
            f"Contributions by partner at {_day(cut_off)}",
            ("Partner", "Asked for", "Received", "Overdue", "On time, of those due"),
            counts,
            numeric=(False, True, True, True, True),
            in_pdf=len(counts) <= ON_PAPER,
        ),
        _table(
            "contributions",
            "Every contribution asked for",
            ("What", "Partner", "Kind", "Due", "Received", "Who answers for it"),
            [
                (
                    one.what,
                    one.partner,
                    KINDS[one.kind],
                    _day(one.due),
                    _received(one, cut_off),
                    one.contact_role or formatting.EN_DASH,
                )
                for one in sorted(contributions, key=lambda row: (row.due, row.partner.casefold()))
            ],
            in_pdf=False,
        ),
    )
    method = "On time is no later than the day it was due. What came after the cut-off is not in this edition."
    return _section("contributions", "What did partners contribute, and what is overdue?", said, tables, method)


def _on_time(one: PartnerAccount) -> str:
    return formatting.of(one.on_time, one.due) if one.due else formatting.EN_DASH


def _received(one: Contribution, cut_off: date) -> str:
    if one.received_on is None:
        return "Overdue" if one.overdue_at(cut_off) else "Not yet due"
    return _day(one.received_on) + ("" if one.received_by(cut_off) else ", after the cut-off")


# --- assumptions, decisions, errata ------------------------------------------------------------


def _assumptions(governance: AreaGovernance) -> Section | None:
    rows = governance.assumptions
    if not rows:
        return None
    unsigned = sum(one.signed_on is None for one in rows)
    text = f"This assessment rests on {formatting.counted(len(rows), 'assumption')}."
    said = [Statement(text)]
    if unsigned:
        text = f"{formatting.of(unsigned, len(rows))}: no named person has agreed to them."
        said.append(Statement(text, "unknown", UNSIGNED))
    table = _table(
        "assumptions",
        "Assumptions, and what would change if they were wrong",
        ("Assumption", "Why", "Effect if wrong", "Owner", "Signed"),
        [
            (
                one.assumption,
                one.why,
                one.effect_if_wrong,
                one.owner or "Not yet named",
                f"{one.signed_by}, {_day(one.signed_on)}" if one.signed_on else UNSIGNED,
            )
            for one in rows
        ],
        in_pdf=len(rows) <= ON_PAPER,
    )
    method = "An assumption counts as signed when a named person has agreed to it on a day."
    return _section("assumptions", "What does this assessment assume?", said, (table,), method)


def _decisions(decisions: Sequence[Decision], cut_off: date) -> Section | None:
    if not decisions:
        return None
    counts = {status: sum(one.status is status for one in decisions) for status in DecisionStatus}
    parts = [f"{formatting.number(counts[one])} {STATUSES[one].lower()}" for one in DecisionStatus if counts[one]]
    said = [
        Statement(f"{formatting.counted(len(decisions), 'decision')} in the log: {formatting.listed(parts)}."),
    ]
    if late := [one for one in decisions if one.overdue_at(cut_off)]:
        owners = formatting.listed(list(dict.fromkeys(one.owner for one in late)))
        text = f"{formatting.counted(len(late), 'decision')} of {owners}."
        said.append(Statement(text, "unknown", "Overdue at the cut-off"))
    table = _table(
        "decisions",
        "Decisions about this assessment, the newest first",
        ("Decision", "Board", "Date", "Owner", "Due", "Status"),
        [
            (one.decision, one.board, _day(one.date), one.owner, _day(one.due), _status(one, cut_off))
            for one in sorted(decisions, key=lambda row: row.date, reverse=True)
        ],
        in_pdf=False,
    )
    method = "Overdue is what was due by the data cut-off and had not been done by then."
    return _section("decisions", "What did boards decide, and what came of it?", said, (table,), method)


def _status(one: Decision, cut_off: date) -> str:
    if one.done_on:
        return f"Done, {_day(one.done_on)}"
    return "Open, overdue" if one.overdue_at(cut_off) else STATUSES[one.status]


def _errata(governance: AreaGovernance) -> Section | None:
    rows = governance.errata
    if not rows:
        return None
    here = sum(one.edition == governance.edition for one in rows)
    text = f"{formatting.counted(here, 'correction')} in edition {governance.edition}."
    if earlier := len(rows) - here:
        text += f" {formatting.sentence(formatting.counted(earlier, 'correction'))} of editions before it."
    table = _table(
        "errata",
        "Errata: what was printed, and what is printed now",
        ("Chapter", "Was", "Is now", "Why", "Found by", "Edition", "Date"),
        [
            (
                one.chapter,
                one.was,
                one.is_now,
                one.why,
                one.found_by or formatting.EN_DASH,
                one.edition,
                _day(one.corrected_on),
            )
            for one in rows
        ],
        in_pdf=True,
    )
    method = "A published edition is never changed: what was wrong is put right in a correction, and listed here."
    said = (Statement(text, "neutral", "Corrected"),)
    return _section("errata", "What has been corrected since publication?", said, (table,), method)
