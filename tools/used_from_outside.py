"""Names that vulture would call dead and that are not: what uses them is no Python import. `make check` reads this."""

# ruff: noqa: B018, F821  a whitelist of vulture's is a list of bare names
# mypy: ignore-errors

# Fields, enum values and contracts that the state machine's file, DynamoDB or a stored document names; tests/workflow
# holds the file's paths against them.
BATCH
IN_PROGRESS
SCHEDULED
STOPPING
VALIDATING
checked_at
S
N
REJECTED
max_state
predicted_megabytes
FirstDraft
Cause
Error
FAIL
FailSessionOutput
PUBLISH
capacity
scan
state_seconds
approval_seconds
ask_again
ASK
unrecorded
outgrown
warmed
NO
YES
plan_key
RevisionLimitReached
PlanMissing
lost_batch_item
POLLS
reserved
transient

# Read by tests that hold a promise of the product: what a role has spent, every type that the local cloud knows,
# what a policy grants and nothing used, a label of pages, the orders of the adversarial stub.
usages
known_types
known_data_sources
unused
LABEL
ORDER

# Called by a library: expat, markdown-it, http.server, socketserver, tarfile, zipfile, awslambdaric, llama.cpp.
StartElementHandler
EndElementHandler
EntityDeclHandler
normalizeLink
normalizeLinkText
hostnames
n_ctx
n_parallel
n_threads_http
daemon_threads
block_on_close
protocol_version
disable_nagle_algorithm
request_queue_size
close_connection
wbufsize
linkname
writable
create_system
initialize_client
post_error
post_invocation_result

# Called and read by jinja2.
get_cache_key
load_bytecode
dump_bytecode
bytecode_cache

# Attributes by which docutils knows what a directive takes.
optional_arguments
final_argument_whitespace
has_content
option_spec

# Attributes of moto's and botocore's own objects that our repairs set.
DISABLE_GLOBAL_CORS
_server_entry
load_file
__deepcopy__
created_at
exitCode
started_at
stopped_at
source_event_id
predictionMode
_errHandler
tolerated_failure_count_decl
tolerated_failure_percentage_decl
_value_buffer
contentsize

# An output of the stack that `swarm open` reads by its name.
site_key_id

# The state machine's checks in tools/ use them.
successors
start_at

# The test of the state machine's paths reads its fields; nothing constructs it at run time.
ExecutionPayload

# io calls them.
seekable
readinto

# html.parser calls them.
handle_starttag
handle_endtag
handle_data

# moto's executor reads them of the redriven execution.
_next_id
_execution_logic
next_state_name

# Fields of a gate's record: the table of tolerances reads some by name, people read all as JSON.
invented_symbols
payload_bytes
compared_with

# The test of a promotion deploys prod beside dev.
deploy_beside

# tools/idle_cost.py reckons with it.
hours_per_month
