"""Copies an image between registries of ECR by digest, through this process: no Docker, no trust between accounts."""

from __future__ import annotations

import hashlib
import json
import urllib.request
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from agents.aws.failures import code_of
from cli.errors import BadInput

_IMAGES = ["application/vnd.docker.distribution.manifest.v2+json", "application/vnd.oci.image.manifest.v1+json"]
_INDEXES = ["application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.oci.image.index.v1+json"]
#: Reads what is behind an address.
Read = Callable[[str], bytes]


def copy_image(source: Any, source_name: str, target: Any, target_name: str, digest: str, tag: str, read: Read) -> None:
    """Copy the image; one that is there already is not copied. The clients are ECR's, the names repositories'.

    Raises:
        BadInput: the source has no such image, or a layer's bytes are not those of its digest.
    """
    manifest, media_type = _manifest_of(source, source_name, digest)
    described = json.loads(manifest)
    for inner in described.get("manifests", ()):
        copy_image(source, source_name, target, target_name, inner["digest"], "", read)
    for blob in [*([described["config"]] if "config" in described else []), *described.get("layers", ())]:
        _copy_layer(source, source_name, target, target_name, blob["digest"], read)
    put = {"repositoryName": target_name, "imageManifest": manifest, "imageManifestMediaType": media_type}
    try:
        target.put_image(**put, imageDigest=digest, **({"imageTag": tag} if tag else {}))
    except ClientError as error:
        if code_of(error) not in {"ImageAlreadyExistsException", "ImageTagAlreadyExistsException"}:
            raise


def download(url: str) -> bytes:
    """The bytes behind an address that ECR signed. Raises OSError."""
    if not url.startswith("https://"):
        raise OSError(f"ECR named an address without TLS: {url[:60]}")
    with urllib.request.urlopen(url, timeout=300) as answer:  # noqa: S310 (https, see above)
        body: bytes = answer.read()
        return body


def _manifest_of(source: Any, name: str, digest: str) -> tuple[str, str]:
    found = source.batch_get_image(
        repositoryName=name, imageIds=[{"imageDigest": digest}], acceptedMediaTypes=[*_IMAGES, *_INDEXES]
    )["images"]
    if not found:
        raise BadInput(f"The registry {name} has no image {digest[:19]}: push the release's image again")
    manifest = str(found[0]["imageManifest"])
    if f"sha256:{hashlib.sha256(manifest.encode()).hexdigest()}" != digest:
        raise BadInput(f"The registry {name} answers another image than {digest[:19]}")
    return manifest, str(found[0].get("imageManifestMediaType") or json.loads(manifest).get("mediaType", _IMAGES[0]))


def _copy_layer(source: Any, source_name: str, target: Any, target_name: str, digest: str, read: Read) -> None:
    there = target.batch_check_layer_availability(repositoryName=target_name, layerDigests=[digest])
    if any(layer.get("layerAvailability") == "AVAILABLE" for layer in there["layers"]):
        return
    url = source.get_download_url_for_layer(repositoryName=source_name, layerDigest=digest)["downloadUrl"]
    content = read(url)
    if f"sha256:{hashlib.sha256(content).hexdigest()}" != digest:
        raise BadInput(f"The layer {digest[:19]} of {source_name} has other bytes than its digest")
    # ECR takes a layer's last part in any size, and all others in exactly the size that it names.
    begun = target.initiate_layer_upload(repositoryName=target_name)
    size = int(begun["partSize"])
    for first in range(0, len(content), size):
        part = content[first : first + size]
        target.upload_layer_part(
            repositoryName=target_name,
            uploadId=begun["uploadId"],
            partFirstByte=first,
            partLastByte=first + len(part) - 1,
            layerPartBlob=part,
        )
    target.complete_layer_upload(repositoryName=target_name, uploadId=begun["uploadId"], layerDigests=[digest])
