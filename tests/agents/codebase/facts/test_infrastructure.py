# ruff: noqa: E501, ISC004 (a case is a source text on as few lines as it has)
"""Infrastructure is read from documents and programs, by their shape."""

from __future__ import annotations

import pytest

from agents.codebase.facts.infrastructure import infrastructure
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import facts

CASES = {
    "terraform a.tf": ('resource "aws_s3_bucket" "logs" { bucket = "x" }\n', [("aws_s3_bucket.logs", "aws_s3_bucket", "")]),
    "yaml compose.yml": ("services:\n  web:\n    image: nginx\n  api:\n    build: ./api\n",
                         [("web", "service", "nginx"), ("api", "service", "build ./api")]),
    "yaml cf.yaml": ("Resources:\n  B:\n    Type: AWS::S3::Bucket\n", [("B", "AWS::S3::Bucket", "")]),
    "yaml k8s.yaml": ("apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n---\napiVersion: apps/v1\nkind: Deployment\n"
                      "metadata:\n  name: api\n", [("web", "Service", ""), ("api", "Deployment", "")]),
    "dockerfile Dockerfile": ("FROM python:3.11 AS base\nEXPOSE 80\n", [("base", "stage", "python:3.11"), ("EXPOSE", "EXPOSE", "80")]),
    "github-actions .github/workflows/ci.yml": ("on: push\njobs:\n  test:\n    runs-on: ubuntu\n", [("test", "", "")]),
    "gitlab-ci .gitlab-ci.yml": ("stages: [a]\ntest:\n  stage: a\n  script: [x]\n", [("test", "", "")]),
    "yaml .circleci/config.yml": ("jobs:\n  build:\n    steps: []\n", [("build", "", "")]),
    "text ci/Jenkinsfile": ("pipeline {\n  stages {\n    stage('Build it') {\n      steps { sh 'make' }\n    }\n    // stage('Old') {\n"
                            '    stage ("Test") {\n', [("Build it", "", ""), ("Test", "", "")]),
    "yaml azure-pipelines.yml": ("stages:\n- stage: Build\n  jobs:\n  - job: Make\n  - deployment: Ship\n", [("Make", "", ""), ("Ship", "", "")]),
    "yaml .azure/pipelines/ci.yml": ("trigger: none\n", []),
    "yaml ci/azure-pipelines.ci.yml": ("steps:\n- script: make\n  displayName: Make it\n", [("Make it", "", "")]),
    "yaml .travis.yml": ("jobs:\n  include:\n  - stage: test\n    script: x\n", [("test", "", "")]),
    "yaml bitbucket-pipelines.yml": ("pipelines:\n  default:\n  - step:\n      name: Test\n      script: [x]\n", [("Test", "", "")]),
    "yaml .drone.yml": ("kind: pipeline\nsteps:\n- name: build\n  image: go\n", [("build", "", "")]),
    "yaml .woodpecker/a.yaml": ("steps:\n  lint:\n    image: go\n", [("lint", "", "")]),
    "yaml .buildkite/pipeline.yml": ("steps:\n- label: Test\n  command: x\n- wait\n", [("Test", "", "")]),
    "yaml .cirrus.yml": ("lint_task:\n  script: x\ntask:\n  name: Build\n", [("lint", "", ""), ("Build", "", "")]),
    "yaml serverless.yml": ("service: a\nprovider:\n  name: aws\nfunctions:\n  hello:\n    handler: src/a.hello\n",
                            [("hello", "function", "src/a.hello")]),
    "yaml Pulumi.yaml": ("name: a\nruntime: yaml\nresources:\n  b:\n    type: aws:s3:Bucket\n", [("b", "aws:s3:Bucket", "")]),
    "yaml site.yml": ("- hosts: web\n  roles:\n  - common\n- name: Data\n  hosts: db\n", [("web", "play", "web"), ("Data", "play", "db")]),
    "yaml chart/Chart.yaml": ("apiVersion: v2\nname: shop\ndependencies:\n- name: redis\n", [("shop", "chart", "")]),
    "helm chart/templates/web.yaml": ("kind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\n", [("web", "Deployment", "")]),
    "text infra/main.bicep": ("resource sa 'Microsoft.Storage/storageAccounts@2022-09-01' = {\n}\nmodule net './net.bicep' = {\n}\n// resource x 'y' = {\n",
                              [("sa", "Microsoft.Storage/storageAccounts@2022-09-01", ""), ("net", "module", "./net.bicep")]),
    "yaml hosts.yml": ("all:\n  hosts:\n    a:\n", []),
    "yaml values.yaml": ("name: x\nkind: y\n", []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_documents_declare_resources_and_jobs(case: str) -> None:
    language, path = case.split()
    text, wanted = CASES[case]
    structure = TreeSitterReader().read(path, language, text)
    assert [(fact.name, fact.type, fact.target) for fact in infrastructure(path, structure, text)] == wanted


def test_a_state_machine_has_its_states_and_where_each_leads() -> None:
    text = (
        '{"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "Next": "B"}], '
        '"Default": "C"}, "B": {"Type": "Task", "Catch": [{"Next": "C"}], "Next": "C"}, "C": {"Type": "Succeed"}}}'
    )
    structure = TreeSitterReader().read("m.asl.json", "json", text)
    states = [(fact.name, fact.type, fact.nexts, fact.marks) for fact in infrastructure("m.asl.json", structure, text)]
    assert states == [("A", "Choice", ("B", "C"), ("start",)), ("B", "Task", ("C",), ()), ("C", "Succeed", (), ())]


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("python", 'import pulumi_aws as aws\nb = aws.s3.Bucket("logs")\nx = f("y")\n', ("logs", "Pulumi")),
        ("go", 'package x\nimport "github.com/pulumi/pulumi/sdk/v3/go/pulumi"\nfunc f(ctx *pulumi.Context) { b, err := s3.NewBucket(ctx, "logs", nil); x := errors.New("a", "b") }', ("logs", "Pulumi")),
        ("go", 'package x\nimport "github.com/aws/aws-cdk-go/awscdk/v2"\nfunc f() { awss3.NewBucket(stack, jsii.String("Logs"), nil) }', ("Logs", "AWS CDK")),
        ("typescript", 'import * as cdk from "aws-cdk-lib";\nclass S { m() { new s3.Bucket(this, "Logs", {}); } }', ("Logs", "AWS CDK")),
    ],
)  # fmt: skip
def test_programs_declare_resources(language: str, text: str, wanted: tuple[str, str]) -> None:
    assert [(fact.name, fact.source) for fact in facts(language, text, FactKind.RESOURCE)] == [wanted]
