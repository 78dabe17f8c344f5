# ruff: noqa: E501 (a case is a source text on as few lines as it has)
"""Tables of Python's mappers are read with types, keys, what they refer to and how the database calls them."""

from __future__ import annotations

import pytest

from agents.contracts.facts import ABSTRACT, FactKind
from tests.agents.codebase.facts.reading import Row, facts, tables_of

_SQLALCHEMY = """
from sqlalchemy.orm import Mapped, mapped_column, relationship
import sqlalchemy as sa
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    full: Mapped[Optional[str]]
    mail = sa.Column("email_address", sa.String, nullable=False, unique=True, comment="Where to write.")
    boss_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    posts: Mapped[List["Post"]] = relationship(back_populates="user")
    boss = relationship(lambda: User)
links = Table("links", metadata, Column("left", ForeignKey("a.id"), primary_key=True), Column("right", sa.Integer))
"""
_ALEMBIC = """
from alembic import op
def upgrade():
    op.create_table("account",
        sa.Column("id", sa.Integer()),
        sa.Column("org_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["orgs.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("org_id"),
    )
    op.add_column("users", sa.Column("nick", sa.String(9)))
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.add_column(sa.Column("size", sa.Integer()))
def downgrade():
    op.create_table("gone", sa.Column("id", sa.Integer()))
"""
_DJANGO = """
from django.db import models
class Book(Timed):
    title = models.CharField(max_length=9, db_column="ttl", help_text="The title.")
    names = ArrayField(models.CharField())
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE)
    tags = models.ManyToManyField(to=Tag)
    objects = BookManager()
"""
_MONGOENGINE = """
from mongoengine import *
class Page(Document):
    title = StringField(required=True, unique=True, db_field="t")
    author = ReferenceField(User, reverse_delete_rule=CASCADE)
    comments = ListField(EmbeddedDocumentField("Comment"))
    parent = ReferenceField("self")
    meta = {"collection": "pages", "indexes": ["title"]}
"""
_TORTOISE = """
from tortoise import fields
from tortoise.models import Model
class Tournament(Model):
    id = fields.IntField(pk=True)
    name = fields.CharField(max_length=9, source_field="nm", description="Its name.")
    events: fields.ReverseRelation["Event"]
    parent: fields.ForeignKeyNullableRelation["Tournament"] = fields.ForeignKeyField("models.Tournament", null=True)
    class Meta:
        table = "tournaments"
"""
_PONY = """
from pony.orm import *
class Person(db.Entity):
    _table_ = "people"
    id = PrimaryKey(int, auto=True)
    name = Required(str, unique=True)
    price = Optional(Decimal)
    cars = Set(lambda: Car)
    boss = Optional("Person", reverse="staff")
"""
_BEANIE = """
from beanie import Document, Link
class Inner(BaseModel):
    x: int
class Product(Document):
    name: str
    kinds: ClassVar[int] = 3
    owner: Link["User"]
    parts: list[Link[Part]] = Field(description="Its parts.")
    class Settings:
        name = "products"
"""
_ODMANTIC = """
from odmantic import Field, Model, Reference
class Book(Model):
    title: str = Field(primary_field=True)
    publisher: Publisher = Reference()
    model_config = {"collection": "books"}
"""
CASES: dict[str, tuple[str, dict[str, list[Row]]]] = {
    "SQLAlchemy": (
        _SQLALCHEMY,
        {
            "users": [
                ("id", "int", "", ("primary key",)), ("full", "Optional[str]", "", ("nullable",)),
                ("email_address", "sa.String", "", ("unique", "not null")), ("boss_id", "int", "User.id", ()),
                ("posts", "relationship", "Post", ()),
                ("boss", "relationship", "User", ()),
            ],
            "links": [("left", "", "a.id", ("primary key",)), ("right", "sa.Integer", "", ())],
        },
    ),
    "SQLAlchemy by Alembic": (
        _ALEMBIC,
        {
            "account": [
                ("id", "sa.Integer()", "", ("primary key",)), ("org_id", "sa.Integer()", "orgs.id", ("nullable", "unique")),
            ],
            "+users": [("nick", "sa.String(9)", "", ())],
            "+teams": [("size", "sa.Integer()", "", ())],
        },
    ),
    "SQLAlchemy that an application passes on": (
        "from app import db\nclass Role(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n",
        {"Role": [("id", "db.Integer", "", ("primary key",))]},
    ),
    "SQLModel": (
        "from sqlmodel import SQLModel\nclass Hero(SQLModel, table=True):\n    team: Team | None = Relationship()\n",
        {"Hero": [("team", "Relationship", "Team", ())]},
    ),
    "Django": (
        _DJANGO,
        {
            "Book": [
                ("ttl", "CharField", "", ()), ("names", "ArrayField", "", ()),
                ("parent", "ForeignKey", "Book", ("nullable",)), ("tags", "ManyToManyField", "Tag", ()),
            ]
        },
    ),
    "MongoEngine": (
        _MONGOENGINE,
        {
            "pages": [
                ("t", "StringField", "", ("unique", "not null")), ("author", "ReferenceField", "User", ()),
                ("comments", "ListField", "Comment", ()), ("parent", "ReferenceField", "Page", ()),
            ]
        },
    ),
    "MongoEngine that an application passes on": (
        "class User(db.Document):\n    name = db.StringField()\n", {"User": [("name", "StringField", "", ())]},
    ),
    "Tortoise": (
        _TORTOISE,
        {
            "tournaments": [
                ("id", "IntField", "", ("primary key",)), ("nm", "CharField", "", ()),
                ("events", 'fields.ReverseRelation["Event"]', "Event", ()),
                ("parent", "ForeignKeyField", "Tournament", ("nullable",)),
            ]
        },
    ),
    "Pony": (
        _PONY,
        {
            "people": [
                ("id", "int", "", ("primary key",)), ("name", "str", "", ("not null", "unique")),
                ("price", "Decimal", "", ("nullable",)), ("cars", "Car", "Car", ("list",)),
                ("boss", "Person", "Person", ("nullable",)),
            ]
        },
    ),
    "Beanie": (
        _BEANIE,
        {"products": [("name", "str", "", ()), ("owner", 'Link["User"]', "User", ()), ("parts", "list[Link[Part]]", "Part", ())]},
    ),
    "ODMantic": (
        _ODMANTIC, {"books": [("title", "str", "", ("primary key",)), ("publisher", "Publisher", "Publisher", ())]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_mapper_of_python_declares_tables(case: str) -> None:
    text, wanted = CASES[case]
    assert tables_of("python", text) == wanted
    assert {fact.source for fact in facts("python", text, FactKind.TABLE)} == {case.split()[0]}


@pytest.mark.parametrize(
    ("text", "said"),
    [(_SQLALCHEMY, "Where to write."), (_DJANGO, "The title."), (_TORTOISE, "Its name."), (_BEANIE, "Its parts.")],
)
def test_what_the_arguments_of_a_column_say_of_it_is_its_text(text: str, said: str) -> None:
    assert said in [fact.text for fact in facts("python", text, FactKind.COLUMN)]


@pytest.mark.parametrize(
    "text",
    [
        'from mongoengine import *\nclass Base(Document):\n    meta = {"abstract": True}\n    made = DateTimeField()\n',
        "from tortoise import fields\nclass TimestampMixin:\n    made = fields.DatetimeField()\n",
        "from sqlalchemy.orm import Mapped\nclass TimestampMixin:\n    made: Mapped[int]\n",
    ],
)
def test_what_other_classes_inherit_has_a_mark(text: str) -> None:
    assert [fact.marks for fact in facts("python", text, FactKind.TABLE)] == [(ABSTRACT,)]


@pytest.mark.parametrize(
    "text",
    [
        "class A(Document):\n    name: str\n",
        "from pydantic import BaseModel\nclass A(BaseModel):\n    x: int = Field(primary_key=True)\n",
        "class A(Model):\n    n = fields.IntField()\n",
        "from pony import orm\nclass A:\n    x = Required()\n",
        "from mongoengine import x\nclass LoginForm(FlaskForm):\n    name = StringField()\n",
        "op.create_table('a', sa.Column('id'))\n",
    ],
)
def test_classes_of_the_same_names_are_no_tables(text: str) -> None:
    assert tables_of("python", text) == {}


def test_each_column_of_one_call_has_its_own_line() -> None:
    assert [fact.lines.start for fact in facts("python", _ALEMBIC, FactKind.COLUMN)] == [5, 6, 11, 13]
