# ruff: noqa: E501 (a case is a source text on as few lines as it has)
"""What models of Rails and Laravel say of how tables belong together is read as columns of their tables."""

from __future__ import annotations

import pytest

from agents.codebase.facts.tables.columns import plural
from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import Row, facts, tables_of

_RAILS = """
class BlogPost < ApplicationRecord
  belongs_to :author, class_name: "Admin::User", foreign_key: :written_by
  belongs_to :category, optional: true
  belongs_to :taggable, polymorphic: true
  has_many :comments, -> { order(:id) }, dependent: :destroy
  has_many :readers, through: :visits, source: :user
  has_one :cover, :class_name => 'Image'
  has_and_belongs_to_many :tags
  validates :title, presence: true
end
class Admin::User < ActiveRecord::Base
  self.table_name = "staff"
  has_many :people
end
class Editor < Admin::User
  has_many :drafts
end
"""
_LARAVEL = """<?php
namespace App\\Models;
use Illuminate\\Database\\Eloquent\\Model;
class BlogPost extends Model {
    /** Who wrote it. */
    public function author() { return $this->belongsTo(User::class); }
    public function editor(): BelongsTo { return $this->belongsTo(\\App\\Models\\User::class, 'edited_by')->withDefault(); }
    public function comments() { return $this->hasMany('App\\\\Comment'); }
    public function cover() { return $this->morphOne(Image::class, 'imageable'); }
    public function tags() {
        return $this->belongsToMany(
            Tag::class,
        );
    }
    public function taggable() { return $this->morphTo(); }
}
class Person extends Authenticatable {
    protected $table = 'people_of_old';
    public function posts() { return $this->hasMany(BlogPost::class); }
}
"""
CASES: dict[str, tuple[str, str, dict[str, list[Row]]]] = {
    "ActiveRecord": (
        "ruby",
        _RAILS,
        {
            "+blog_posts": [
                ("written_by", "belongs_to", "User", ()), ("category_id", "belongs_to", "categories", ()),
                ("comments", "has_many", "comments", ("list",)), ("readers", "has_many", "user", ("list",)),
                ("cover", "has_one", "Image", ()), ("tags", "has_and_belongs_to_many", "tags", ("list",)),
            ],
            "+staff": [("people", "has_many", "people", ("list",))],
            "+users": [("drafts", "has_many", "drafts", ("list",))],
        },
    ),
    "Laravel": (
        "php",
        _LARAVEL,
        {
            "+blog_posts": [
                ("author_id", "belongsTo", "User", ()), ("edited_by", "belongsTo", "User", ()),
                ("comments", "hasMany", "Comment", ("list",)), ("cover", "morphOne", "Image", ()),
                ("tags", "belongsToMany", "Tag", ("list",)),
            ],
            "+people_of_old": [("posts", "hasMany", "BlogPost", ("list",))],
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_an_association_is_a_column_of_the_models_table(case: str) -> None:
    language, text, wanted = CASES[case]
    assert tables_of(language, text) == wanted


def test_a_relation_of_laravel_links_to_its_method_and_has_its_words() -> None:
    author = facts("php", _LARAVEL, FactKind.COLUMN)[0]
    assert (author.symbol, author.text) == ("BlogPost.author", "Who wrote it.")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ruby", "class PostSerializer < ActiveModel::Serializer\n  has_many :comments\nend\n"),
        ("ruby", "class PostResource < JSONAPI::Resource\n  has_one :author\nend\n"),
        ("ruby", "module Linked\n  included do\n    has_many :links\n  end\nend\n"),
        ("ruby", "class Plain\n  belongs_to :author\nend\n"),
        ("ruby", "class A < ApplicationRecord\n  def go\n    has_many :links\n    shop.has_many :things\n  end\nend\n"),
        ("php", "<?php\nclass A extends B { function x() { return $this->hasMany(C::class); } }\n"),
        (
            "php",
            "<?php\nuse Illuminate\\Http\\Request;\nclass A { function x() { return $this->hasMany(C::class); } }\n",
        ),
        (
            "php",
            "<?php\nuse Illuminate\\X;\nclass A extends B { function x() { return $this->repo->hasMany(C::class); } }\n",
        ),
    ],
)
def test_what_is_called_like_an_association_is_none(language: str, text: str) -> None:
    assert tables_of(language, text) == {}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("category", "categories"), ("day", "days"), ("status", "statuses"), ("analysis", "analyses"),
        ("contact_person", "contact_people"), ("news", "news"), ("index", "indices"), ("box", "boxes"), ("user", "users"),
    ],
)  # fmt: skip
def test_a_table_has_the_plural_of_what_it_holds(name: str, wanted: str) -> None:
    assert plural(name) == wanted
