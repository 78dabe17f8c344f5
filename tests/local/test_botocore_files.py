"""What botocore learns of its own files: the same as what lies on disk, also where one service is asked for."""

from __future__ import annotations

from pathlib import Path

import botocore.session
import pytest
from botocore.exceptions import UnknownServiceError

DATA = Path(botocore.session.__file__).with_name("data")


@pytest.mark.parametrize("kind", ["service-2", "paginators-1", "endpoint-rule-set-1", "no-such-kind"])
def test_services_are_those_that_have_a_file(kind: str) -> None:
    loader = botocore.session.get_session().get_component("data_loader")
    on_disk = sorted({file.parent.parent.name for file in DATA.glob(f"*/*/{kind}.json*")})

    services = loader.list_available_services(kind)

    assert list(services) == on_disk
    assert len(services) == len(on_disk)
    assert [name for name in ("dynamodb", "s3", "sqs", "no-such-service", "", ".") if name in services] == [
        name for name in ("dynamodb", "s3", "sqs") if name in on_disk
    ]


def test_a_service_that_there_is_not_is_refused_by_botocore() -> None:
    loader = botocore.session.get_session().get_component("data_loader")

    with pytest.raises(UnknownServiceError, match=r"Valid service names are: .*dynamodb, "):
        loader.load_service_model("no-such-service", "service-2")
