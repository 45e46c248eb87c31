"""Who answers for an area's assessment: sign-off, frozen editions, partners' contributions, assumptions, decisions."""
