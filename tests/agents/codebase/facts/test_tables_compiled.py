# ruff: noqa: E501 (a case is a source text on as few lines as it has)
"""Tables of Kotlin, Rust, Go and C# are read: objects, macros, methods, structs with tags, classes of a context."""

from __future__ import annotations

import pytest

from agents.codebase.facts.tables.ef_core import entities_of, names_of_entities
from agents.codebase.facts.tables.outlined import outlined_tables
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.facts import ABSTRACT, FactKind
from tests.agents.codebase.facts.reading import Row, by_table, facts, tables_of

_EXPOSED = """
import org.jetbrains.exposed.sql.Table
object UsersTable : LongIdTable("app_users", "user_id") {
    /** Where to write. */
    val email: Column<String> = varchar("email", length = 255).uniqueIndex("x")
    val city = reference("city_id", Cities, onDelete = ReferenceOption.CASCADE)
    val boss = optReference("boss", UsersTable)
    val org = (integer("org") references Orgs.id).nullable()
    val total get() = 3
}
object Tags : Table() { val a = integer("first"); val b = integer("second")
    override val primaryKey = PrimaryKey(a, b, name = "pk") }
object Config { val x = varchar("y", 3) }
"""
_KTORM = """
import org.ktorm.schema.*
object Employees : Table<Employee>("t_employee") {
    val id = int("id").primaryKey().bindTo { it.id }
    val department = int("department_id").references(Departments) { it.department }
}
"""
_DIESEL = """
diesel::table! {
    use diesel::sql_types::*;

    /// People.
    app.users (id, org_id) {
        /// The `id` column.
        id -> Int4,
        org_id -> Uuid,
        #[sql_name = "type"]
        kind -> Mood,
        #[max_length = 255]
        tags -> Nullable<Array<Nullable<Text>>>,
    }
}
table! {
    posts {
        id -> Integer,
        user_id -> Integer,
    }
}
diesel::joinable!(posts -> users (user_id));
"""
_SEA_ORM = """
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "filling")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    #[sea_orm(column_name = "nm", unique)]
    pub name: Option<String>,
    pub fruit_id: i32,
}
#[derive(Debug, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::fruit::Entity", from = "Column::FruitId", to = "super::fruit::Column::Id")]
    Fruit,
}
"""
_ENT = """package schema
import "entgo.io/ent"
// User holds people.
type User struct {
	ent.Schema
}
func (User) Annotations() []schema.Annotation { return []schema.Annotation{entsql.Annotation{Table: "people"}} }
func (User) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", uuid.UUID{}).Default(uuid.New),
		field.String("email").
			Unique().
			Comment("Where to write."),
		field.Time("made").Optional().Nillable().StorageKey("created_at"),
	}
}
func (User) Edges() []ent.Edge {
	return []ent.Edge{edge.From("org", Org.Type).Ref("users").Unique().Required(), edge.To("pets", Pet.Type)}
}
"""
_GORM = """package models
type User struct {
	gorm.Model
	Name string `gorm:"column:user_name;uniqueIndex;not null" json:"name"`
	CompanyID int `gorm:"index"`
	Company Company
	Cards []CreditCard `gorm:"foreignKey:UserID;references:ID"`
	Address Address `gorm:"embedded;embeddedPrefix:addr_"`
	Skip string `gorm:"-"`
	hidden int
}
func (User) TableName() string { return "app_users" }
type Base struct { ID uint `gorm:"primarykey"` }
type Company struct {
	Base
	Name string
}
type Other struct { Name string `json:"name"` }
"""
CASES: dict[str, tuple[str, str, dict[str, list[Row]]]] = {
    "Exposed": (
        "kotlin",
        _EXPOSED,
        {
            "app_users": [
                ("user_id", "Long", "", ("primary key",)), ("email", "varchar", "", ("unique",)),
                ("city_id", "reference", "Cities", ()), ("boss", "optReference", "UsersTable", ("nullable",)),
                ("org", "integer", "Orgs.id", ("nullable",)),
            ],
            "Tags": [("first", "integer", "", ("primary key",)), ("second", "integer", "", ("primary key",))],
        },
    ),
    "Ktorm": (
        "kotlin", _KTORM,
        {"t_employee": [("id", "int", "", ("primary key",)), ("department_id", "int", "Departments", ())]},
    ),
    "Diesel": (
        "rust",
        _DIESEL,
        {
            "app.users": [
                ("id", "Int4", "", ("primary key",)), ("org_id", "Uuid", "", ("primary key",)), ("type", "Mood", "", ()),
                ("tags", "Nullable<Array<Nullable<Text>>>", "", ("nullable",)),
            ],
            "posts": [("id", "Integer", "", ("primary key",)), ("user_id", "Integer", "users", ())],
        },
    ),
    "SeaORM": (
        "rust",
        _SEA_ORM,
        {
            "filling": [
                ("id", "i32", "", ("primary key",)), ("nm", "Option<String>", "", ("unique", "nullable")),
                ("fruit_id", "i32", "fruit", ()),
            ]
        },
    ),
    "ent": (
        "go",
        _ENT,
        {
            "people": [
                ("id", "UUID", "", ("primary key",)), ("email", "String", "", ("unique",)),
                ("created_at", "Time", "", ("nullable",)), ("org", "edge.From", "Org", ("not null",)),
                ("pets", "edge.To", "Pet", ("list",)),
            ]
        },
    ),
    "gorm": (
        "go",
        _GORM,
        {
            "app_users": [
                ("ID", "uint", "", ("primary key",)), ("CreatedAt", "time.Time", "", ()), ("UpdatedAt", "time.Time", "", ()),
                ("DeletedAt", "gorm.DeletedAt", "", ("index",)), ("user_name", "string", "", ("not null", "unique")),
                ("CompanyID", "int", "", ("index",)), ("Company", "Company", "Company", ()),
                ("Cards", "[]CreditCard", "CreditCard", ()), ("Address", "Address", "", ("embedded",)),
            ],
            "Base": [("ID", "uint", "", ("primary key",))],
            "Company": [("ID", "uint", "", ("primary key",)), ("Name", "string", "", ())],
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_compiled_language_declares_tables(case: str) -> None:
    language, text, wanted = CASES[case]
    assert tables_of(language, text) == wanted
    structure = TreeSitterReader().read("file", language, text)
    tables = (fact for fact in (*structure.facts, *outlined_tables(structure, text)) if fact.kind is FactKind.TABLE)
    assert {fact.source for fact in tables} == {case}


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("kotlin", _EXPOSED, "Where to write."),
        ("rust", _DIESEL, "The `id` column."),
        ("rust", _DIESEL, "People."),
        ("go", _ENT, "Where to write."),
        ("go", _ENT, "User holds people."),
    ],
)
def test_the_comment_of_a_column_or_a_table_is_its_text(language: str, text: str, said: str) -> None:
    assert said in [fact.text for fact in facts(language, text, FactKind.TABLE, FactKind.COLUMN)]


def test_columns_of_a_macro_have_their_own_lines() -> None:
    assert [fact.lines.start for fact in facts("rust", _DIESEL, FactKind.COLUMN)] == [8, 9, 11, 13, 18, 19]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "kotlin",
            'import org.jetbrains.exposed.sql.Table\nabstract class Base(name: String) : Table(name) { val x = text("x") }\n',
        ),
        (
            "go",
            'package s\nimport "entgo.io/ent"\ntype M struct {\n\tmixin.Schema\n}\nfunc (M) Fields() []ent.Field { return []ent.Field{field.Time("at")} }\n',
        ),
    ],
)
def test_what_other_tables_inherit_has_a_mark(language: str, text: str) -> None:
    assert [fact.marks for fact in facts(language, text, FactKind.TABLE)] == [(ABSTRACT,)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("kotlin", 'object Users : Table("users") { val id = integer("id") }\n'),
        ("rust", 'fn main() { let t = table!(["a", "b"]); ptable!(x -> y); }\n'),
        ("rust", "#[derive(Debug)]\npub struct Model { pub id: i32 }\n"),
        ("go", 'package x\nfunc (User) Fields() []F { return []F{field.String("x")} }\n'),
        ("go", 'package x\ntype A struct {\n\tBase\n\tName string `json:"name"`\n}\ntype Base struct { X int }\n'),
        ("csharp", "public class A { public int Id { get; set; } }\n"),
    ],
)
def test_code_of_the_same_names_is_no_table(language: str, text: str) -> None:
    assert tables_of(language, text) == {}


def test_a_context_of_ef_core_says_how_tables_are_called_and_what_properties_lead_to() -> None:
    context = """
class Db : DbContext {
  public DbSet<Blog> Blogs => Set<Blog>();
  protected override void OnModelCreating(ModelBuilder builder) {
    builder.Entity<Blog>().ToTable("blogs", "app");
    builder.Entity<Post>(e => { e.HasKey(p => p.Key); e.ToTable("posts"); });
  }
}
class PostConfiguration : IEntityTypeConfiguration<Post> { }
"""
    classes = """
[Index(nameof(Url), IsUnique = true)]
public class Blog { public int BlogId { get; set; } public required string Url { get; set; }
  public List<Post> Posts { get; } = new(); public List<Guid> Ids { get; set; } public bool IsNew => BlogId == 0; private int X { get; set; } }
public class Post { [Key] public int Key { get; set; } public int OwnerId { get; set; } public virtual User? Owner { get; set; }
  [Column("made_at", TypeName = "date")] public DateTime Made { get; set; } public Status Status { get; set; } }
"""
    read = TreeSitterReader().read("a.cs", "csharp", context)
    entities = dict.fromkeys(entities_of(read), "") | names_of_entities(context)

    tables = by_table(outlined_tables(TreeSitterReader().read("b.cs", "csharp", classes), "", entities))

    assert tables == {
        "blogs": [
            ("BlogId", "int", "", ("primary key",)), ("Url", "string", "", ("not null", "unique")),
            ("Posts", "List<Post>", "Post", ()), ("Ids", "List<Guid>", "", ()),
        ],
        "posts": [
            ("Key", "int", "", ("primary key",)), ("OwnerId", "int", "", ()), ("Owner", "User?", "User", ("nullable",)),
            ("made_at", "DateTime", "", ()), ("Status", "Status", "", ()),
        ],
    }  # fmt: skip
