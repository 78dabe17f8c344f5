"""Lambda functions: moto describes them, the bridge's pool runs them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pulumi
from moto.s3.models import s3_backends

from local.lambda_.environment import LATEST, Function
from local.lambda_.libraries import begins_warm, builders_of, libraries_of, modules_of
from local.resources.registry import CloudBackend, Declared, Realised, realises
from releases.manifest import is_release_id

#: What `make package` compiles for Lambda's Python is the same code as this, which runs under the laptop's.
LAPTOPS = {"build/release/function.zip": "build/function.zip"}


def variables_of(declared: Declared) -> dict[str, str]:
    """The function's environment."""
    return (declared.get("environment") or {}).get("variables") or {}


def limits_of(declared: Declared) -> dict[str, int]:
    """The function's timeout in seconds and memory in MiB, as Lambda names them, with its defaults."""
    return {"Timeout": int(declared.get("timeout", 3)), "MemorySize": int(declared.get("memorySize", 128))}


def running_function(declared: Declared, name: str, arn: str, code: bytes, version: str) -> Function:
    """The function as the pool runs it."""
    variables, limits = variables_of(declared), limits_of(declared)
    return Function(
        name=name,
        arn=arn,
        code=code,
        handler=declared.inputs["handler"],
        environment=variables,
        timeout_seconds=limits["Timeout"],
        memory_mb=limits["MemorySize"],
        role=declared.inputs["role"],
        libraries=libraries_of(variables),
        modules=modules_of(variables),
        builders=builders_of(variables),
        begins_warm=begins_warm(variables),
        version=version,
    )


@realises("aws:lambda/function:Function")
def function(declared: Declared, cloud: CloudBackend) -> Realised:
    """A function of a zip; its layers are described, and the virtual environment replaces them."""
    name = declared.named("name")
    code = zip_of(declared, cloud)
    lambda_ = cloud.client("lambda")
    with _uploaded(code, cloud) as place:
        made = lambda_.create_function(
            FunctionName=name,
            Code=place,
            Role=declared.inputs["role"],
            Runtime=declared.get("runtime", "python3.13"),
            Handler=declared.inputs["handler"],
            **limits_of(declared),
            Environment={"Variables": variables_of(declared)},
            Tags=dict(declared.tags),
            **declared.chosen(
                Description="description", Architectures="architectures", Layers="layers", TracingConfig="tracingConfig"
            ),
        )
    version = LATEST
    if declared.get("publish"):
        version = lambda_.publish_version(FunctionName=name)["Version"]
    arn = made["FunctionArn"]
    cloud.deploy(running_function(declared, name, arn, code, version))
    outputs = {
        "name": name,
        "arn": arn,
        "version": version,
        "qualifiedArn": f"{arn}:{version}",
        "invokeArn": f"arn:aws:apigateway:{cloud.region}:lambda:path/2015-03-31/functions/{arn}/invocations",
        "codeSha256": made["CodeSha256"],
    }
    return Realised(name, outputs)


@contextmanager
def _uploaded(code: bytes, cloud: CloudBackend) -> Iterator[dict[str, str]]:
    """A zip in a bucket of its own, which is there for the block alone.

    In the call itself it would be base64 within JSON, and it is put there without a request: for fifteen functions a
    quarter of the time that a cloud is built in.
    """
    buckets, bucket, key = s3_backends[cloud.account]["aws"], "code-of-one-function", "function.zip"
    buckets.create_bucket(bucket, cloud.region)
    try:
        buckets.put_object(bucket, key, code)
        yield {"S3Bucket": bucket, "S3Key": key}
    finally:
        buckets.delete_object(bucket, key)
        buckets.delete_bucket(bucket)


@realises("aws:lambda/alias:Alias")
def alias(declared: Declared, cloud: CloudBackend) -> Realised:
    """An alias; its share of traffic for a second version has nothing to choose from here."""
    name = declared.named("name")
    made = cloud.client("lambda").create_alias(
        FunctionName=_bare(declared.inputs["functionName"]),
        Name=name,
        FunctionVersion=declared.inputs["functionVersion"],
    )
    return Realised(made["AliasArn"], {"name": name, "arn": made["AliasArn"]})


@realises("aws:lambda/layerVersion:LayerVersion")
def layer_version(declared: Declared, cloud: CloudBackend) -> Realised:
    """A layer in name: a function's worker imports from the virtual environment."""
    name = declared.named("layerName")
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    made = cloud.client("lambda").publish_layer_version(
        LayerName=name,
        Content={"ZipFile": empty.getvalue()},
        **declared.chosen(CompatibleRuntimes="compatibleRuntimes", CompatibleArchitectures="compatibleArchitectures"),
    )
    arn = made["LayerVersionArn"]
    return Realised(arn, {"arn": arn, "layerArn": made["LayerArn"], "version": str(made["Version"])})


@realises("aws:lambda/permission:Permission")
def permission(declared: Declared, cloud: CloudBackend) -> Realised:
    """Who may call a function; moto keeps no policy for an alias, and a bucket's or rule's call asks for none here."""
    statement = declared.named("statementId")
    cloud.client("lambda").add_permission(
        FunctionName=_bare(declared.inputs["function"]),
        StatementId=statement,
        Action=declared.inputs["action"],
        Principal=declared.inputs["principal"],
        **declared.chosen(SourceArn="sourceArn", FunctionUrlAuthType="functionUrlAuthType"),
    )
    return Realised(statement, {"statementId": statement})


@realises("aws:lambda/functionUrl:FunctionUrl")
def function_url(declared: Declared, cloud: CloudBackend) -> Realised:
    """A function's address: moto describes it, local/function_urls serves it on 127.0.0.1.

    An address for signed requests is CloudFront's alone (local/resources/cloudfront.py): nothing else may ask there.
    """
    name = _bare(declared.inputs["functionName"])
    made = cloud.client("lambda").create_function_url_config(
        FunctionName=name, AuthType=declared.inputs["authorizationType"], **declared.chosen(Qualifier="qualifier")
    )
    signed = declared.inputs["authorizationType"] == "AWS_IAM"
    url = f"https://{name}.lambda-url.{cloud.region}.on.aws/" if signed else cloud.serve_function(name)
    return Realised(made["FunctionArn"], {"functionArn": made["FunctionArn"], "functionUrl": url})


@realises("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")
def event_invoke_config(declared: Declared, cloud: CloudBackend) -> Realised:
    """How often an asynchronous call is tried again, and where the last failure is reported."""
    name = _bare(declared.inputs["functionName"])
    failed = (declared.get("destinationConfig") or {}).get("onFailure") or {}
    where = {"OnFailure": {"Destination": failed["destination"]}} if failed else {}
    cloud.client("lambda").put_function_event_invoke_config(
        FunctionName=name, MaximumRetryAttempts=int(declared.get("maximumRetryAttempts", 2)), DestinationConfig=where
    )
    return Realised(f"{name}:{declared.get('qualifier', LATEST)}")


def _bare(name_or_arn: str) -> str:
    return name_or_arn.split(":function:")[-1].split(":")[0]


def zip_of(declared: Declared, cloud: CloudBackend) -> bytes:
    """The code of a function. Raises FileNotFoundError, TypeError."""
    code: Any = declared.get("code")
    if code is None and declared.get("s3Bucket"):
        where = {"Bucket": declared.inputs["s3Bucket"], "Key": declared.inputs["s3Key"]}
        body: bytes = cloud.client("s3").get_object(**where)["Body"].read()
        return body
    if isinstance(code, pulumi.FileArchive):
        named = str(code.path)
        # A release that is named by its content is deployed byte for byte: the program has checked build/release.
        whole = is_release_id(variables_of(declared).get("SWARM_RELEASE", ""))
        path = cloud.root / (named if whole else LAPTOPS.get(named, named))
        if path.is_dir():
            return _packed({str(file.relative_to(path)): file for file in path.rglob("*") if file.is_file()})
        if not path.is_file():
            raise FileNotFoundError(f"the function's zip is missing: {path} (`make package` builds it)")
        described = path.stat()
        return _read(path, described.st_mtime_ns, described.st_size)
    if isinstance(code, pulumi.AssetArchive):
        return _packed({name: _asset(asset, cloud.root) for name, asset in code.assets.items()})
    raise TypeError(f"the function {declared.urn} has neither an archive nor an S3 object as its code")


# The functions of a program share one zip.
@lru_cache(maxsize=2)
def _read(path: Path, _mtime: int, _size: int) -> bytes:
    return path.read_bytes()


def _asset(asset: Any, root: Path) -> Path | str:
    if isinstance(asset, pulumi.FileAsset):
        return root / asset.path
    if isinstance(asset, pulumi.StringAsset):
        return str(asset.text)
    raise TypeError(f"assets of the kind {type(asset).__name__} are not understood here")


def _packed(files: dict[str, Path] | dict[str, Path | str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, str) else content.read_bytes())
    return packed.getvalue()
