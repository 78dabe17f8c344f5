# ruff: noqa: E501 (a case is a source text on as few lines as it has)
"""Tables of classes with annotations, attributes or decorators are read in the words of each library."""

from __future__ import annotations

import pytest

from agents.codebase.facts.tables.outlined import outlined_tables
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.facts import ABSTRACT, FactKind
from tests.agents.codebase.facts.reading import Row, facts, tables_of

_JPA = """
import jakarta.persistence.*;
@Entity @Table(name = "orders", schema = "shop")
public class Order extends Base {
    private static final long serialVersionUID = 1L;
    @Column(name = "order_code", nullable = false, unique = true) private String code;
    @Embedded private Address address;
    @ManyToOne(optional = false) @JoinColumn(name = "customer_id") private Customer customer;
    @OneToMany(targetEntity = Note.class) private List notes;
    @ManyToMany @JoinTable(name = "order_tags") private Map<String, Tag> tags;
    private transient int x;
    @Transient private int y;
    @NotNull private String z;
}
"""
_JPA_GETTERS = """
import javax.persistence.*;
@Entity class Account { private Long id; private String name;
  @Id @GeneratedValue public Long getId() { return id; }
  @Column(name = "nm", nullable = false) public String getName() { return name; } }
"""
_ROOM = """
import androidx.room.Entity
@Entity(tableName = "notes", primaryKeys = ["a", "b"], indices = [Index(value = ["title"], unique = true)],
  foreignKeys = [ForeignKey(entity = User::class, parentColumns = ["id"], childColumns = ["user_id"])])
data class Note(val a: Int, @ColumnInfo(name = "b") val second: Int, @ColumnInfo(name = "user_id") val user: Long, val title: String?) {
  @Ignore var x: Int = 0
}
"""
_SPRING_MONGO = """
import org.springframework.data.mongodb.core.mapping.*;
@Document(collection = "people") class Person { @Id String id; @Field("first") String name; @DBRef List<Book> books; @Transient int x; }
class Other { String y; }
"""
_SPRING_DATA = """
import org.springframework.data.relational.core.mapping.*;
@Table("CUSTOMERS") class Customer { @Id Long id; @Column("FULL_NAME") String name; @MappedCollection Set<Order> orders; }
"""
_TYPEORM = """
import { Entity, Column } from "typeorm";
@Entity({ name: "people", schema: "app" })
export class Person {
  @PrimaryGeneratedColumn("uuid") id!: string;
  @Column("varchar", { length: 200, nullable: true, name: "first_name" }) first?: string;
  @OneToMany(() => Photo, (photo) => photo.person) photos: Photo[];
  @ManyToMany((type) => Tag) @JoinTable() tags: Promise<Tag[]>;
  @OneToOne("Profile", "user") profile: Relation<Profile>;
  @RelationId((p: Person) => p.photos) photoIds: number[];
  other: string;
}
"""
_MIKRO = """
import { Entity, PrimaryKey } from '@mikro-orm/core';
@Entity({ tableName: 'books' })
export class Book {
  @PrimaryKey() id!: number;
  @Property({ fieldName: 'ttl', nullable: true, unique: true }) title?: string;
  @ManyToOne({ entity: () => Author, nullable: true }) author!: Ref<Author>;
  @OneToMany(() => Tag, tag => tag.book) tags = new Collection<Tag>(this);
  virtual: string;
}
"""
_SEQUELIZE = """
import { Table, Column, Model } from 'sequelize-typescript';
@Table({ tableName: 'players' })
export class Player extends Model<Player> {
  @PrimaryKey @Column id: number;
  @AllowNull(false) @Unique @Column(DataType.TEXT) name: string;
  @Column({ type: DataType.STRING, field: 'nick_name', allowNull: true }) nick: string;
  @ForeignKey(() => Team) @Column teamId: number;
  other: string;
}
"""
_NEST = """
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
@Schema({ timestamps: true })
export class Cat {
  @Prop({ type: mongoose.Schema.Types.ObjectId, ref: 'Owner' }) owner: Owner;
  @Prop({ type: [{ type: mongoose.Schema.Types.ObjectId, ref: Toy.name }] }) toys: Toy[];
  @Prop({ required: true, index: true }) code: string;
  @Prop([String]) tags: string[];
}
"""
_TYPEGOOSE = """
import { prop } from '@typegoose/typegoose';
class Kitten { @prop({ required: true }) public name!: string; @prop({ ref: () => Cat }) mother?: Ref<Cat>; }
class Other { x: number }
"""
_DOCTRINE = """<?php
use Doctrine\\ORM\\Mapping as ORM;
#[ORM\\Entity(repositoryClass: PostRepository::class)]
#[ORM\\Table(name: 'posts')]
class Post {
    #[ORM\\Id, ORM\\GeneratedValue, ORM\\Column(type: Types::INTEGER)]
    private $id;
    #[ORM\\Column(name: 'ttl', length: 255, nullable: true)] private ?string $title = null;
    #[ORM\\ManyToOne] #[ORM\\JoinColumn(nullable: false)] private ?User $author = null;
    #[ORM\\OneToMany(mappedBy: 'post', targetEntity: Comment::class)] private Collection $comments;
    private $other;
    public function __construct(#[ORM\\Column(unique: true)] private string $slug) {}
}
"""
_DOCTRINE_COMMENTS = """<?php
use Doctrine\\ORM\\Mapping as ORM;
/**
 * A thing.
 *
 * @ORM\\Entity
 * @ORM\\Table(name="things", indexes={@ORM\\Index(columns={"name"})})
 */
class Thing {
  /**
   * @var int
   *
   * @ORM\\Id
   * @ORM\\Column(type="integer", name="the_id")
   */
  private $id;
  /** @ORM\\ManyToOne(targetEntity="App\\Entity\\User", inversedBy="things") */
  private $user;
  /**
   * Its name.
   * @ORM\\Column(
   *   type="string",
   *   nullable=true
   * )
   */
  private $name;
  private $other;
}
"""
CASES: dict[str, tuple[str, str, dict[str, list[Row]]]] = {
    "JPA": (
        "java",
        _JPA,
        {
            "orders": [
                ("order_code", "String", "", ("not null", "unique")), ("address", "Address", "", ()),
                ("customer_id", "Customer", "Customer", ("not null",)), ("notes", "List", "Note", ()),
                ("tags", "Map<String, Tag>", "Tag", ()), ("z", "String", "", ("not null",)),
            ]
        },
    ),
    "JPA by methods": (
        "java", _JPA_GETTERS, {"Account": [("id", "Long", "", ("primary key",)), ("nm", "String", "", ("not null",))]},
    ),
    "Room": (
        "kotlin",
        _ROOM,
        {
            "notes": [
                ("a", "Int", "", ("primary key",)), ("b", "Int", "", ("primary key",)), ("user_id", "Long", "User", ()),
                ("title", "String?", "", ("nullable", "unique")),
            ]
        },
    ),
    "Spring Data MongoDB": (
        "java", _SPRING_MONGO,
        {"people": [("id", "String", "", ("primary key",)), ("first", "String", "", ()), ("books", "List<Book>", "Book", ())]},
    ),
    "Spring Data": (
        "java", _SPRING_DATA,
        {"CUSTOMERS": [("id", "Long", "", ("primary key",)), ("FULL_NAME", "String", "", ()), ("orders", "Set<Order>", "Order", ())]},
    ),
    "TypeORM": (
        "typescript",
        _TYPEORM,
        {
            "people": [
                ("id", "string", "", ("primary key",)), ("first_name", "string", "", ("nullable",)),
                ("photos", "Photo[]", "Photo", ()), ("tags", "Promise<Tag[]>", "Tag", ()),
                ("profile", "Relation<Profile>", "Profile", ()),
            ]
        },
    ),
    "MikroORM": (
        "typescript",
        _MIKRO,
        {
            "books": [
                ("id", "number", "", ("primary key",)), ("ttl", "string", "", ("nullable", "unique")),
                ("author", "Ref<Author>", "Author", ("nullable",)), ("tags", "", "Tag", ()),
            ]
        },
    ),
    "Sequelize": (
        "typescript",
        _SEQUELIZE,
        {
            "players": [
                ("id", "number", "", ("primary key",)), ("name", "string", "", ("not null", "unique")),
                ("nick_name", "string", "", ("nullable",)), ("teamId", "number", "Team", ()),
            ]
        },
    ),
    "Mongoose": (
        "typescript",
        _NEST,
        {
            "Cat": [
                ("owner", "Owner", "Owner", ()), ("toys", "Toy[]", "Toy", ()), ("code", "string", "", ("not null", "index")),
                ("tags", "string[]", "", ()),
            ]
        },
    ),
    "Mongoose by Typegoose": (
        "typescript", _TYPEGOOSE, {"Kitten": [("name", "string", "", ("not null",)), ("mother", "Ref<Cat>", "Cat", ())]},
    ),
    "Doctrine": (
        "php",
        _DOCTRINE,
        {
            "posts": [
                ("id", "Types::INTEGER", "", ("primary key",)), ("ttl", "?string", "", ("nullable",)),
                ("author", "?User", "User", ("not null",)), ("comments", "Collection", "Comment", ()),
                ("slug", "string", "", ("unique",)),
            ]
        },
    ),
    "Doctrine by comments": (
        "php", _DOCTRINE_COMMENTS,
        {"things": [("the_id", "int", "", ("primary key",)), ("user", "", "User", ()), ("name", "string", "", ("nullable",))]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_annotations_make_classes_tables(case: str) -> None:
    language, text, wanted = CASES[case]
    assert tables_of(language, text) == wanted
    structure = TreeSitterReader().read("file", language, text)
    sources = {fact.source for fact in (*structure.facts, *outlined_tables(structure)) if fact.kind is FactKind.TABLE}
    assert sources == {case.partition(" by ")[0]}


def test_the_words_of_a_comment_with_annotations_are_those_before_them() -> None:
    texts = [fact.text for fact in facts("php", _DOCTRINE_COMMENTS, FactKind.TABLE, FactKind.COLUMN)]
    assert texts == ["A thing.", "", "", "Its name."]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("php", "<?php\nuse Doctrine\\ORM\\Mapping as ORM;\n#[ORM\\MappedSuperclass]\nabstract class A { #[ORM\\Column] private $x; }\n"),
        ("typescript", "import {} from '@mikro-orm/core';\nexport abstract class A { @PrimaryKey() id!: number; }\n"),
    ],
)  # fmt: skip
def test_what_entities_inherit_has_a_mark(language: str, text: str) -> None:
    structure = TreeSitterReader().read("file", language, text)
    listed = [fact for fact in (*structure.facts, *outlined_tables(structure)) if fact.kind is FactKind.TABLE]
    assert [fact.marks for fact in listed] == [(ABSTRACT,)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("php", "<?php\n#[Entity]\nclass A { #[Column] public $x; }\n"),
        ("php", "<?php\nuse Doctrine\\Common\\X;\n/** Sees @Entity. */\nclass A { /** @var int */ public $x; }\n"),
        ("typescript", "@Schema()\nexport class A { @Prop() name: string; }\n"),
        ("typescript", "import { prop } from 'other';\nclass A { @prop() name: string; }\n"),
        (
            "typescript",
            "import { Table } from 'sequelize-typescript';\n@Component({})\nclass A { @Input() name: string; }\n",
        ),
        ("java", "import androidx.room.Dao;\nclass A { @PrimaryKey int x; }\n"),
        ("java", "@Document class A { @Id String x; }\n"),
    ],
)
def test_annotations_of_the_same_names_make_no_tables(language: str, text: str) -> None:
    assert tables_of(language, text) == {}
