"""What the program declares has the same identifiers in each cloud; what sessions make afterwards has its own."""

from __future__ import annotations

from moto.ec2.utils import random_subnet_id

from local.moto.identifiers import identified_by, random_afterwards


def test_a_resource_has_the_identifiers_of_its_urn() -> None:
    with random_afterwards():
        identified_by("urn:a")
        first = random_subnet_id()
        identified_by("urn:b")
        other = random_subnet_id()
        identified_by("urn:a")
        again = random_subnet_id()
    assert first == again != other


def test_identifiers_are_random_after_the_program() -> None:
    made = []
    for _ in range(2):
        with random_afterwards():
            identified_by("urn:a")
        made.append(random_subnet_id())
    assert made[0] != made[1]
