"""The extractive model as performance reviewer: what each rule means, written once by hand."""

from __future__ import annotations

from agents.contracts.review import ReviewBrief, ReviewReply, Severity
from agents.models.extractive.judgement import Judgement, judge

_, HIGH, MEDIUM, LOW = Severity

JUDGEMENTS = {
    "blocking-in-async": Judgement(
        HIGH,
        "Blocking call in async code",
        "waits for a blocking call inside an asynchronous function: every other task of the event loop waits with it.",
        "Await the asynchronous counterpart, or hand the call to a thread (asyncio.to_thread, fs.promises).",
    ),
    "copy-growth": Judgement(
        MEDIUM,
        "Collection copied for each element",
        "makes a new collection out of the old one and one more element in every round: the cost grows with the square "
        "of the length.",
        "Append to one collection in place.",
    ),
    "copy-in-loop": Judgement(
        LOW,
        "Deep copy in every round",
        "copies a whole object in every round of a loop.",
        "Copy once before the loop, or copy only the part that changes.",
    ),
    "defer-in-loop": Judgement(
        MEDIUM,
        "Deferred calls pile up",
        "defers a call inside a loop: all of them run only when the function returns, and the resources stay open.",
        "Move the loop's body into a function of its own.",
    ),
    "frame-growth": Judgement(
        MEDIUM,
        "Array rebuilt in every round",
        "concatenates arrays or frames inside a loop: everything so far is copied in every round.",
        "Collect the parts in a list and concatenate once after the loop.",
    ),
    "front-of-list": Judgement(
        LOW,
        "Elements moved at the front",
        "inserts or removes at the front of a list inside a loop: every other element moves each time.",
        "Use collections.deque, or work from the end.",
    ),
    "http-call-in-loop": Judgement(
        MEDIUM,
        "HTTP request in every round",
        "makes an HTTP request in every round of a loop: the waiting times add up.",
        "Ask for all of it in one request, or run the requests side by side with a limit.",
    ),
    "length-in-condition": Judgement(
        MEDIUM,
        "Length measured in every round",
        "calls strlen in the loop's condition: the text is read through in every round.",
        "Measure once before the loop.",
    ),
    "list-membership-in-loop": Judgement(
        LOW,
        "List searched in every round",
        "searches a list from its start in every round of a loop: the cost grows with the product of both lengths.",
        "Keep a set beside the list, and look there.",
    ),
    "nested-loop-same-collection": Judgement(
        MEDIUM,
        "Every pair of a collection",
        "loops over a collection inside a loop over the same one: the cost grows with the square of its length.",
        "Index the collection by what is compared, or use itertools.combinations when every pair is meant.",
    ),
    "process-in-loop": Judgement(
        LOW,
        "Process started in every round",
        "starts a process in every round of a loop and waits for it.",
        "Pass all arguments to one process, or start them side by side.",
    ),
    "query-in-loop": Judgement(
        HIGH,
        "Query in every round",
        "sends a query in every round of a loop (N+1): as many round trips to the database as there are elements.",
        "Fetch all rows with one query (a join or IN), or write them in one batch.",
    ),
    "regex-in-loop": Judgement(
        LOW,
        "Regular expression compiled in every round",
        "compiles a fixed regular expression inside a loop.",
        "Compile it once, outside the loop or at the top of the module.",
    ),
    "remote-call-in-loop": Judgement(
        MEDIUM,
        "Service call in every round",
        "calls a remote service in every round of a loop: the waiting times and the charges add up.",
        "Use the service's batch call, or run the calls side by side with a limit.",
    ),
    "repeated-read": Judgement(
        MEDIUM,
        "Same file opened in every round",
        "opens the same file in every round of a loop.",
        "Read it once before the loop.",
    ),
    "row-iteration": Judgement(
        LOW,
        "Frame read row by row",
        "goes through a data frame row by row, which builds an object for each row.",
        "Use operations on whole columns, or itertuples.",
    ),
    "string-growth": Judgement(
        LOW,
        "String grown in a loop",
        "appends to a string in a loop: where the string cannot be grown in place, all of it is copied in every round.",
        "Collect the parts and join them once, or use the language's builder.",
    ),
    "unbounded-query": Judgement(
        LOW,
        "Query without a limit",
        "selects every column of every row: memory and time grow with the table.",
        "Name the columns, and read in pages or with a limit.",
    ),
    "unbounded-read": Judgement(
        LOW,
        "Whole file held in memory",
        "reads all lines of a file before it works on the first one.",
        "Loop over the file itself: it gives one line at a time.",
    ),
}


def respond(brief: ReviewBrief) -> ReviewReply:
    """Judge every piece of evidence by its rule."""
    return judge(brief, JUDGEMENTS)
