"""Runs one reviewer: reads what the analysts stored, asks the model, writes the review."""

from __future__ import annotations

from agents import keys
from agents.asking import answers
from agents.contracts.review import ReviewReply
from agents.contracts.session import Usage
from agents.contracts.states import ReviewInput, ReviewOutput
from agents.contracts.structure import Topic
from agents.library import load_analyses, load_manifest, save_model
from agents.ports import Ports, Question
from agents.review import core

#: A finding is about 150 tokens, and a question holds 40 pieces of evidence at most.
MAX_OUTPUT_TOKENS = 8192


def run(topic: Topic, instructions: str, request: ReviewInput, ports: Ports, at_once: int = 1) -> ReviewOutput:
    """Review the session's evidence of one topic.

    Raises BlobMissing when there is no manifest, and whatever the model raises: the state machine catches each reviewer
    on its own.
    """
    manifest = load_manifest(ports, request.session_id)
    wanted = [entry.analysis_key for entry in manifest.documented if entry.analysis_key is not None]
    evidence = core.evidence_of(topic, manifest, load_analyses(ports, wanted))
    usage = Usage()
    verified: dict[int, core.Verified] = {}
    judged = core.most_telling(evidence)
    questions = (
        ((at, brief), Question(topic.value, instructions, brief, ReviewReply, max_output_tokens=MAX_OUTPUT_TOKENS))
        for at, brief in enumerate(core.briefs(topic, judged))
    )
    for (at, brief), answer in answers(ports.model, questions, at_once):
        if isinstance(answer, Exception):
            raise answer
        usage = usage + answer.usage
        verified[at] = core.verify(brief, answer.reply)
    result = core.review(topic, len(evidence), len(judged), core.combine(verified[at] for at in sorted(verified)))
    save_model(ports, keys.review(request.session_id, topic.value), result)
    ports.store.save_usage(request.session_id, topic.value, usage)
    return ReviewOutput(reviewed=result.reviewed, findings=len(result.findings))
