"""One environment: the components, and what passes between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from agents.roster import ROSTER, layers_of
from agents.roster_row import LayerName
from agents.settings import ALIAS
from components.access_logs import AccessLogs, AccessLogsArgs
from components.account import Account, find_account
from components.alarms import alarms_of
from components.batch_inference import batch_inference
from components.canary import Canary
from components.context_store import ContextStore, ContextStoreArgs
from components.dead_letters import DeadLetters, DeadLettersArgs
from components.event_bus import EventBus, EventBusArgs
from components.fargate_agent import FargateAgent, FargateAgentArgs, FargateCluster, FargateClusterArgs
from components.flow_logs import FlowLogs, FlowLogsArgs
from components.function_url import FunctionUrl, FunctionUrlArgs, webhook_url
from components.iam import documents as iam
from components.iam.agent_arns import agent_arns
from components.layers import Layers, LayersArgs
from components.monthly_budget import MonthlyBudget, MonthlyBudgetArgs
from components.network import Network, NetworkArgs
from components.observability import Observability, ObservabilityArgs, alarm_topic_name
from components.outputs import exports
from components.reaper import Reaper
from components.release_store import ReleaseStore, ReleaseStoreArgs
from components.scheduled_call import ScheduledCallArgs
from components.schedules import Schedules, SchedulesArgs
from components.settings.agent_settings import agent_settings
from components.settings.model import Settings
from components.short_agent import FUNCTION_ZIP, PACKAGED_ZIP, ShortAgent, ShortAgentArgs, dashed, function_name_of
from components.site_hosting import SiteHosting, SiteHostingArgs
from components.site_sign_in import SiteSignIn, SiteSignInArgs
from components.stack_record import StackRecord, StackRecordArgs
from components.task_watch import TaskWatch, TaskWatchArgs
from components.triggers import Triggers, TriggersArgs
from components.workflow import Workflow, WorkflowArgs, state_machine_name


class Platform(pulumi.ComponentResource):
    """Everything that one environment consists of."""

    outputs: Mapping[str, Any]

    def __init__(self, name: str, settings: Settings, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:platform:Platform", name, {}, opts)
        self._settings = settings
        self._stem = stem = f"swarm-{settings.environment}"
        self._account: Account = find_account(settings, self)
        child = pulumi.ResourceOptions(parent=self)
        self._store = ContextStore(
            "context",
            ContextStoreArgs(
                stem=self._stem,
                account=self._account,
                retention_days=settings.retention_days,
                protected=settings.protected,
                customer_key=settings.customer_key,
                hosted=settings.hosted,
            ),
            child,
        )
        self._releases = ReleaseStore(
            "releases",
            ReleaseStoreArgs(stem, self._account, settings.protected, self._store.log_key_arn, settings.image_scanning),
            child,
        )
        self._dead_letters = DeadLetters("dead-letters", DeadLettersArgs(stem=self._stem), child)
        self._bus = EventBus("events", EventBusArgs(settings.event_bus), child)
        network = Network(
            "network",
            NetworkArgs(
                stem=self._stem,
                account=self._account,
                cidr=settings.vpc_cidr,
                private=settings.private_subnets,
                bedrock=any(model.startswith("bedrock:") for model in settings.network_models),
            ),
            child,
        )
        self._cluster = FargateCluster("fargate", FargateClusterArgs(stem=self._stem), child)
        self._layers = self._layer_arns(child)
        self._batch_inference = batch_inference(settings, self._account, self._store, child)
        short: dict[str, ShortAgent] = {}
        self._site = self._site_hosting(short, child) if settings.hosted else None
        arns = self._agent_arns(self._site.bucket_arn if self._site else "")
        self._approval_url = self._decide_approval(short, arns, child) if settings.asks_for_approval else ""
        states = [state for state in settings.functions if state not in short]
        short |= {state: self._short_agent(state, self._environment(state), arns) for state in states}
        fargate = {state: self._fargate_agent(state, arns) for state in states if ROSTER[state].fargate_state}
        self._workflow = Workflow("workflow", self._workflow_args(short, fargate, network), child)
        self._webhook_url = webhook_url(
            short["ReceiveWebhook"].function_name if settings.webhook_repositories else None, child
        )
        Reaper("reaper", ScheduledCallArgs(self._stem, self._account, short["Reap"].alias_arn), child)
        if settings.canaries:
            Canary("canary", ScheduledCallArgs(self._stem, self._account, short["DecideCanary"].alias_arn), child)
        if settings.schedules:
            called = short["FetchSnapshot"].alias_arn
            Schedules("schedules", SchedulesArgs(stem, self._account, called, settings.fetch_schedules), child)
        task_end = short["ReportTaskEnd"]
        watch = TaskWatchArgs(self._stem, self._cluster.cluster_arn, task_end.function_name, task_end.alias_arn)
        TaskWatch("task-watch", watch, child)
        self._triggers = Triggers(
            "triggers",
            TriggersArgs(
                stem=self._stem,
                account=self._account,
                upload_bucket=self._store.upload_bucket,
                alias_arn=self._workflow.alias_arn,
                dead_letter_queue_arn=self._dead_letters.queue_arn,
                dead_letter_queue_url=self._dead_letters.queue_url,
            ),
            child,
        )
        self._observability = Observability("observability", self._observability_args(short), child)
        self._watch_by_setting(network, child)
        self.outputs = self._outputs(short)
        StackRecord("stack-record", StackRecordArgs(settings.environment, self.outputs), child)
        self.register_outputs(dict(self.outputs))

    def _watch_by_setting(self, network: Network, child: pulumi.ResourceOptions) -> None:
        """Logs of the network and of the buckets, and a budget, where a setting asks for them."""
        settings, stem = self._settings, self._stem
        if settings.flow_logs:
            flow = FlowLogsArgs(
                stem, self._account, network.vpc_id, settings.log_retention_days, self._store.log_key_arn
            )
            FlowLogs("flow-logs", flow, child)
        if settings.access_logs:
            buckets = {
                "context": self._store.context_bucket,
                "upload": self._store.upload_bucket,
                "releases": self._releases.bucket,
            }
            if self._site:
                buckets["sites"] = self._site.bucket
            access = AccessLogsArgs(stem, self._account, buckets, settings.log_retention_days, settings.protected)
            AccessLogs("access-logs", access, child)
        if settings.monthly_budget_usd:
            budget = MonthlyBudgetArgs(stem, settings.monthly_budget_usd, settings.alarm_email)
            MonthlyBudget("budget", budget, child)

    def _outputs(self, short: Mapping[str, ShortAgent]) -> dict[str, Any]:
        settings = self._settings
        return exports(
            environment=settings.environment,
            region=settings.region,
            upload_bucket=self._store.upload_bucket,
            context_bucket=self._store.context_bucket,
            context_table=self._store.table_name,
            state_machine_arn=self._workflow.state_machine_arn,
            cluster_arn=self._cluster.cluster_arn,
            model=settings.model,
            network_models=settings.network_models,
            model_key_secret=settings.model_key_secret,
            release=settings.release,
            cap_usd=settings.cap_usd,
            state_machine_alias_arn=self._workflow.alias_arn,
            function_names=tuple(agent.function_name for agent in short.values()),
            upload_rule=self._triggers.rule_name,
            dead_letter_queue_url=self._dead_letters.queue_url,
            alarm_names=self._observability.alarm_names,
            alarm_topic_arn=self._observability.topic_arn,
            release_bucket=self._releases.bucket,
            image_repository=self._releases.image_repository,
            image_repository_url=self._releases.image_repository_url,
            container_image=settings.container_image,
            analyst_concurrency=settings.analyst_concurrency,
            reserved_concurrency=settings.reserved_concurrency,
            task_cpu_units=settings.task_cpu_units,
            fargate_spot=settings.fargate_spot,
            protected=settings.protected,
            event_bus=self._bus.bus_name,
            webhook_url=self._webhook_url,
            approval_url=pulumi.Output.from_input(self._approval_url),
            site_access=settings.site_access,
            site_bucket=self._site.bucket if self._site else pulumi.Output.from_input(""),
            site_domain=self._site.domain if self._site else pulumi.Output.from_input(""),
            site_key_id=self._site.key_id if self._site else pulumi.Output.from_input(""),
            site_key_secret=settings.site_key_secret,
            site_public_key=settings.site_public_key if settings.site_access == "private" else "",
            sign_in_secret=settings.sign_in_secret,
        )

    def _site_hosting(self, short: dict[str, ShortAgent], child: pulumi.ResourceOptions) -> SiteHosting:
        """The sites; puts the function that signs their readers in among the short agents, where there is one."""
        settings = self._settings

        def sign_in(key_id: pulumi.Output[str]) -> SiteSignIn:
            short["SignIn"] = self._short_agent("SignIn", self._environment("SignIn", key_id), self._agent_arns(""))
            called = SiteSignInArgs(self._stem, short["SignIn"].function_name, short["SignIn"].alias_arn)
            return SiteSignIn("sign-in-url", called, child)

        args = SiteHostingArgs(
            stem=self._stem,
            account=self._account,
            retention_days=settings.site_retention_days,
            deletable=not settings.protected,
            key_arn=self._store.log_key_arn,
            public_key=settings.site_public_key if settings.site_access == "private" else "",
            domain=settings.site_domain,
            certificate=settings.site_certificate,
            sign_in=sign_in if settings.signs_in else None,
        )
        return SiteHosting("site", args, child)

    def _observability_args(self, short: Mapping[str, ShortAgent]) -> ObservabilityArgs:
        settings = self._settings
        return ObservabilityArgs(
            stem=self._stem,
            account=self._account,
            state_machine_arn=self._workflow.state_machine_arn,
            analyst_function=short["AnalyseBatch"].function_name,
            dead_letter_queue=self._dead_letters.queue_name,
            environment=settings.environment,
            dashboard=settings.dashboard,
            alarms=tuple(
                alarms_of(
                    signs_in=settings.signs_in,
                    asks_a_model=bool(settings.network_models),
                    day_cap_usd=settings.day_cap_usd,
                    approval_hours=settings.approval_hours if settings.asks_for_approval else 0,
                )
            ),
            mail=settings.alarm_email,
            runbook_url=settings.runbook_url,
            key_arn=self._store.log_key_arn,
            sign_in_function=short["SignIn"].function_name if "SignIn" in short else None,
        )

    def _decide_approval(
        self, short: dict[str, ShortAgent], arns: pulumi.Output[iam.AgentArns], child: pulumi.ResourceOptions
    ) -> pulumi.Input[str]:
        """The address at which people decide; puts its function among the short agents."""
        state = "DecideApproval"
        decide = short[state] = self._short_agent(state, self._environment(state), arns)
        # By the alias's own name of the function, so that the address waits for the alias.
        function = decide.alias_arn.apply(lambda arn: arn.rpartition(":")[0])
        return FunctionUrl("approval", FunctionUrlArgs(function, ALIAS), child).url

    def _agent_arns(self, site_bucket: pulumi.Input[str]) -> pulumi.Output[iam.AgentArns]:
        return agent_arns(
            self._settings,
            self._account,
            self._store,
            self._cluster.cluster_arn,
            self._batch_inference,
            site_bucket,
            self._releases.bucket_arn,
        )

    def _environment(self, state: str, site_key_id: pulumi.Input[str] = "") -> pulumi.Output[dict[str, str]]:
        """The variables of the agent of a state; it gets the names of what it works with, and of nothing else."""
        store = self._store
        names: dict[str, pulumi.Input[str]] = {
            "table": store.table_name,
            "context_bucket": store.context_bucket,
            "upload_bucket": store.upload_bucket,
            "site_key_id": site_key_id,
        }
        if ROSTER[state].sees_cluster:
            names["cluster_arn"] = self._cluster.cluster_arn
        if state == "SubmitBatchInference" and self._batch_inference:
            names["batch_inference_role"] = self._batch_inference.role_arn
        if state == "Publish" and self._site:
            names["site_bucket"] = self._site.bucket
        if state == "AwaitApproval" and self._settings.asks_for_approval:
            names["approval_url"] = self._approval_url
            names["approval_topic"] = self._account.arn("sns", alarm_topic_name(self._stem))
        if state == "DecideCanary":
            machine = state_machine_name(self._stem)
            names["state_machine_alias"] = self._account.arn("states", f"stateMachine:{machine}:{ALIAS}")
            names["release_bucket"] = self._releases.bucket
            names["function_names"] = ",".join(function_name_of(self._stem, each) for each in self._settings.functions)
        given = pulumi.Output.all(**names)
        return given.apply(lambda outputs: agent_settings(self._settings, state, **outputs).variables())

    def _layer_arns(self, child: pulumi.ResourceOptions) -> Mapping[LayerName, pulumi.Output[str]]:
        if not self._settings.packaged:
            return {}
        settings = self._settings
        args = LayersArgs(self._stem, settings.lambda_architecture, settings.heaviest_model, settings.functions)
        return Layers("layers", args, child).arns

    def _short_agent(
        self, state: str, environment: pulumi.Output[dict[str, str]], arns: pulumi.Output[iam.AgentArns]
    ) -> ShortAgent:
        settings, row = self._settings, ROSTER[state]
        memory = {
            "function": settings.function_memory_megabytes,
            "analyst": settings.analyst_memory_megabytes,
            "repository": settings.repository_memory_megabytes,
        }
        args = ShortAgentArgs(
            stem=self._stem,
            state=state,
            environment=environment,
            arns=arns,
            dead_letter_queue_arn=self._dead_letters.queue_arn,
            architecture=settings.lambda_architecture,
            memory_megabytes=memory[row.memory],
            timeout_seconds=row.timeout_seconds or settings.lambda_seconds,
            log_retention_days=settings.log_retention_days,
            log_key_arn=self._store.log_key_arn,
            disk_megabytes=row.disk_megabytes,
            asynchronous_retries=row.asynchronous_retries,
            reserved_concurrency=settings.reserved_concurrency if state == "AnalyseBatch" else 0,
            moved_by_canary=settings.canaries,
            code=PACKAGED_ZIP if settings.packaged else FUNCTION_ZIP,
            layers=[self._layers[layer] for layer in layers_of(state, settings.heaviest_model) if self._layers],
        )
        return ShortAgent(dashed(state), args, pulumi.ResourceOptions(parent=self))

    def _fargate_agent(self, state: str, arns: pulumi.Output[iam.AgentArns]) -> FargateAgent:
        settings = self._settings
        args = FargateAgentArgs(
            stem=self._stem,
            state=state,
            account=self._account,
            environment=self._environment(state),
            arns=arns,
            image=settings.container_image,
            architecture=settings.lambda_architecture,
            cpu_units=settings.task_cpu_units,
            memory_megabytes=settings.task_memory_megabytes,
            disk_gigabytes=settings.task_disk_gigabytes,
            log_retention_days=settings.log_retention_days,
            log_key_arn=self._store.log_key_arn,
        )
        return FargateAgent(f"{dashed(state)}-task", args, pulumi.ResourceOptions(parent=self))

    def _workflow_args(
        self, short: Mapping[str, ShortAgent], fargate: Mapping[str, FargateAgent], network: Network
    ) -> WorkflowArgs:
        return WorkflowArgs(
            stem=self._stem,
            account=self._account,
            functions={state: agent.version_arn for state, agent in short.items() if ROSTER[state].conducted},
            task_definitions={state: agent.task_definition_arn for state, agent in fargate.items()},
            task_roles=tuple(arn for agent in fargate.values() for arn in agent.role_arns),
            cluster_arn=self._cluster.cluster_arn,
            subnet_ids=network.subnet_ids,
            security_group_id=network.security_group_id,
            assign_public_ip=network.assign_public_ip,
            table_name=self._store.table_name,
            table_arn=self._store.table_arn,
            context_bucket=self._store.context_bucket,
            context_bucket_arn=self._store.context_bucket_arn,
            key_arn=self._store.key_arn,
            log_retention_days=self._settings.log_retention_days,
            log_level=self._settings.log_level,
            tracing=self._settings.tracing,
            moved_by_canary=self._settings.canaries,
            approval_hours=self._settings.approval_hours if self._settings.asks_for_approval else 0,
            log_key_arn=self._store.log_key_arn,
        )
