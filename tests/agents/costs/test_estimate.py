"""An estimate adds up, grows with the work, costs nothing where no model is asked, and is never surprised upwards."""

from __future__ import annotations

import ast
import inspect

import pytest

from agents.contracts.usage import MAX_OUTPUT_TOKENS
from agents.costs import questions
from agents.costs.counted import CountedTokens
from agents.costs.estimate import Speed, estimate
from agents.costs.facts import Estimate, FileCosts, RoleModel
from agents.costs.samples import sampled
from agents.models.prices import TokenPrice
from agents.questions import limits
from agents.roster import MODEL_ROLES

PRICE = TokenPrice(1.0, 5.0, 1.0, 1.0)
PAID = {role: RoleModel("openai:any", PRICE) for role in MODEL_ROLES}
FREE = {role: RoleModel("extractive") for role in MODEL_ROLES}


def files(count: int, fresh: int | None = None) -> list[FileCosts]:
    return [
        FileCosts(f"pkg{number % 3}/f{number}.py", "python", 4_000, 120, fresh=fresh is None or number < fresh)
        for number in range(count)
    ]


def estimated(count: int, fresh: int | None = None) -> Estimate:
    return estimate(files(count, fresh), PAID, 10.0)


def analyst(one: Estimate) -> float:
    return next(role.usd.likely for role in one.roles if role.role == "analyst")


def test_no_model_costs_nothing_and_still_takes_time() -> None:
    one = estimate(files(30), FREE, 10.0)
    assert one.usd == one.requests == one.input_tokens == type(one.usd)()
    assert one.share_of_cap == 0
    assert 0 < one.seconds.low <= one.seconds.likely <= one.seconds.high


def test_low_likely_and_high_are_in_this_order_for_every_role() -> None:
    for role in estimated(50).roles:
        for one in (role.requests, role.input_tokens, role.output_tokens, role.usd):
            assert 0 <= one.low <= one.likely <= one.high, role


def test_what_is_kept_from_earlier_runs_costs_no_analysts_question() -> None:
    assert analyst(estimated(40, fresh=0)) == 0
    assert analyst(estimated(40, fresh=1)) == pytest.approx(analyst(estimated(40)) / 40, rel=0.01)
    assert estimated(40, fresh=1).fresh_files == 1


def test_the_high_end_holds_a_cold_cache_that_a_first_wave_writes() -> None:
    sonnet = "bedrock:anthropic.claude-3-7-sonnet-20250219-v1:0"

    def high(cache_write: float, at_once: int) -> float:
        models = {role: RoleModel(sonnet, PRICE._replace(cache_write=cache_write)) for role in MODEL_ROLES}
        one = estimate(files(50), models, 10.0, Speed(analysts=1, calls_at_once=at_once))
        return next(role.usd.high for role in one.roles if role.role == "analyst")

    beginning = questions.frame("analyst") + questions.OUTLINE_MOST
    assert high(2.0, 10) - high(1.0, 10) == pytest.approx(10 * beginning / 1e6, rel=0.01)
    assert high(2.0, 400) - high(1.0, 400) == pytest.approx(50 * beginning / 1e6, rel=0.01)


def test_counted_tokens_take_the_place_of_those_by_length() -> None:
    usual = {role.role: role.input_tokens for role in estimated(20).roles}
    counted = CountedTokens(frames={"analyst": 2 * round(questions.frame("analyst"))}, material={"analyst": 2.0})
    one = {role.role: role.input_tokens for role in estimate(files(20), PAID, 10.0, None, counted).roles}
    assert one["analyst"].likely == pytest.approx(2 * usual["analyst"].likely, rel=0.02)
    assert one["critic"] == usual["critic"]


def test_a_sample_has_the_smallest_and_the_largest_of_what_is_to_be_read() -> None:
    sizes = [FileCosts(f"f{size}.py", "python", size, 10, fresh=size != 5) for size in range(1, 101)]
    assert [file.bytes for file in sampled(sizes)] == [1, 22, 41, 61, 80, 100]
    assert sampled(sizes[:5]) == sizes[:4]


def test_the_high_end_holds_every_answer_sent_back_once_and_three_drafts() -> None:
    one = estimated(30)
    by_role = {role.role: role for role in one.roles}
    assert by_role["analyst"].requests.high == 2 * 30
    assert by_role["critic"].requests.high == 2 * 3
    assert by_role["editor"].requests.high == 2 * 3 * (3 + 2)


def test_twice_the_files_cost_about_twice_as_much_to_read() -> None:
    assert analyst(estimated(80)) == pytest.approx(2 * analyst(estimated(40)), rel=0.02)


def test_a_share_of_nothing_is_more_than_all() -> None:
    assert estimate(files(3), PAID, 0.0).share_of_cap == float("inf")


def test_a_batch_inference_job_takes_a_day_at_most_and_the_other_roles_wait_for_it() -> None:
    one = estimate(files(30), PAID, 10.0, Speed(batch_inference=True))
    assert one.seconds.likely > 3_600
    assert one.seconds.high > 86_400


def test_nothing_to_document_is_nothing_to_pay() -> None:
    assert estimate([], PAID, 10.0).usd.high == 0


def test_more_evidence_is_that_much_more_and_no_more() -> None:
    many = [FileCosts(f"f{number}.py", "python", 4_000, 120_000) for number in range(9)]
    once, thrice = questions.of_review("security", many), questions.of_review("security", many, 3.0)
    assert thrice.tokens_out == pytest.approx(3 * once.tokens_out)
    assert thrice.questions == pytest.approx(3 * once.questions, abs=3)
    few = [FileCosts("f.py", "python", 400, 12)]
    assert questions.of_review("security", few, 3.0).questions == pytest.approx(
        3 * questions.of_review("security", few).questions
    )


def test_the_estimate_counts_with_the_limits_that_the_roles_keep_to() -> None:
    """Each limit stands once; a number that is retyped would go on when the limit is changed."""
    source = ast.parse(inspect.getsource(questions))
    retyped = {node.value for node in ast.walk(source) if isinstance(node, ast.Constant) and type(node.value) is int}
    kept = {value for name, value in vars(limits).items() if name.isupper()} | {MAX_OUTPUT_TOKENS}
    assert retyped & (kept - {40, 60}) == set(), "40 and 60 are weights as well"
    assert questions.of_file(FileCosts("f.py", "python", 10**9, 10**6)).tokens_in == pytest.approx(
        questions.of_file(FileCosts("f.py", "python", limits.TEXT_LIMIT, 10**6)).tokens_in
    )
    assert len(questions.modules([FileCosts(f"{n}/f.py", "python", 9, 1) for n in range(99)])) == limits.MOST_MODULES
    lines = round(limits.EVIDENCE_OF_QUESTION / 0.0006)
    assert questions.of_review("security", [FileCosts("f.py", "python", 9, lines - 9)]).questions == 1
    assert questions.of_review("security", [FileCosts("f.py", "python", 9, lines + 9)]).questions == 2


def test_a_quota_of_bedrocks_makes_a_session_longer_and_no_dearer() -> None:
    claude = {role: RoleModel("bedrock:eu.anthropic.claude-haiku-4-5-20251001-v1:0", PRICE) for role in MODEL_ROLES}
    free, bound = (estimate(files(200), claude, 10.0, Speed(tokens_a_minute=quota)) for quota in (1e12, 50_000))
    analysts = next(role for role in free.roles if role.role == "analyst")
    weighed = analysts.input_tokens.likely + 5 * analysts.output_tokens.likely
    assert bound.usd == free.usd
    assert bound.waits("analyst").likely == pytest.approx(weighed / 50_000 * 60)
    assert bound.seconds.likely > free.seconds.likely


def test_a_quota_of_bedrocks_is_none_of_another_provider() -> None:
    assert estimate(files(200), PAID, 10.0, Speed(tokens_a_minute=1)).seconds == estimated(200).seconds


def test_a_line_that_is_longer_than_a_question_is_not_counted() -> None:
    def tokens(lines: int) -> float:
        return questions.of_file(FileCosts("a.xml", "xml", limits.TEXT_LIMIT + 20_000, lines)).tokens_in

    assert tokens(1) < 5_000
    assert tokens(2_000) > limits.TEXT_LIMIT / 5
