# ruff: noqa: E501 (a case is a source text on as few lines as it has)
"""Tables that scripts describe by objects are read: Sequelize, Mongoose, Drizzle, schemas of TypeORM's entities."""

from __future__ import annotations

import time

import pytest

from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import Row, facts, tables_of

_SEQUELIZE = """
module.exports = (sequelize, DataTypes) => {
  class User extends Model {
    static associate(models) {
      User.hasMany(models.Post, { foreignKey: 'userId' });
      User.belongsTo(models.Org, { foreignKey: 'orgId', as: 'org' });
      this.belongsTo(models.Team);
    }
  }
  User.init({
    // The first name.
    firstName: { type: DataTypes.STRING(100), allowNull: false, field: 'first_name', unique: true },
    email: DataTypes.STRING, // an address
    orgId: { type: DataTypes.INTEGER },
    kind: { type: DataTypes.ENUM('a', 'b'), comment: 'Of which kind.' },
    place: { type: DataTypes.INTEGER, references: { model: { tableName: 'places' }, key: 'id' } },
  }, {
    sequelize,
    modelName: 'User',
  });
  return User;
};
"""
_SEQUELIZE_TYPED = """
import { Model, DataTypes } from 'sequelize';
const attributes = { id: { type: DataTypes.UUID, primaryKey: true } };
export class Log extends Model<InferAttributes<Log>> {
  static initModel(sequelize: Sequelize) {
    return super.init(attributes, { sequelize, tableName: 'logs' });
  }
}
export const Tag = sequelize.define<TagInstance>("tag", { name: DataTypes.TEXT }, { tableName: "tags" });
const alias = 'Named', config = { tableName: 'named' };
sequelize.define(alias, attributes, config);
export default (sequelize) => sequelize.define('inline', { a: DataTypes.TEXT });
"""
_MONGOOSE = """
import { Schema, model } from 'mongoose';
const addressSchema = new Schema<IAddress>({ city: { type: String, required: [true, 'x'] } }, { _id: false });
export const UserSchema: Schema = new Schema({
  name: { first: String, last: { type: String, required: true, index: true } },
  email: { type: String, unique: true },
  address: addressSchema,
  past: [addressSchema],
  friends: [{ type: Schema.Types.ObjectId, ref: 'User' }],
  boss: { type: Types.ObjectId, ref: () => User },
  comments: [{ body: String }],
  spot: { type: { type: String, enum: ['Point'] }, coordinates: { type: [Number] } },
  inner: { type: { a: Number }, required: true },
  tags: { type: [{ type: Types.ObjectId, ref: 'Tag' }] },
  any: {}, list: [],
}, { timestamps: true });
export default model<IUser>('User', UserSchema);
mongoose.model('Inline', new mongoose.Schema({ a: Number }));
module.exports = new Schema({ b: Number });
"""
_DRIZZLE = """
import { pgTableCreator, pgSchema, integer, mysqlTable } from "drizzle-orm/pg-core";
export const make = pgTableCreator((name) => `app_${name}`);
export const posts = make("post", (d) => ({
    id: d.integer().primaryKey().generatedByDefaultAsIdentity(),
    // The title.
    title: d.varchar("ttl", { length: 256 }).notNull(),
    authorId: d.varchar({ length: 255 }).references(() => users.id, { onDelete: "cascade" }),
    editorId: d.integer("editor_id"),
    parent: integer("parent_id").references((): AnyPgColumn => posts.id),
    ...times,
  }), (t) => [index("a").on(t.authorId), uniqueIndex("t_idx").on(t.title)]);
export const mine = pgSchema("mine");
export const things = mine.table("things", { tags: text("tags").array().unique() });
export const both = mysqlTable("both", { a: integer("a_id"), b: integer() }, (t) => ({ pk: primaryKey({ columns: [t.a, t.b] }) }));
export const related = relations(posts, ({ one }) => ({ editor: one(users, { fields: [posts.editorId], references: [users.id] }) }));
"""
_ENTITY_SCHEMA = """
import { EntitySchema } from "typeorm";
export const Category = new EntitySchema({
  name: "category",
  columns: { id: { type: Number, primary: true }, name: { type: String, nullable: true, name: "nm" } },
  relations: { parent: { type: "many-to-one", target: "category" } },
});
"""
CASES: dict[str, tuple[str, dict[str, list[Row]]]] = {
    "Sequelize by a class": (
        _SEQUELIZE,
        {
            "User": [
                ("teamId", "", "Team", ()), ("first_name", "DataTypes.STRING(100)", "", ("unique", "not null")),
                ("email", "DataTypes.STRING", "", ()), ("orgId", "DataTypes.INTEGER", "Org", ()),
                ("kind", "DataTypes.ENUM('a', 'b')", "", ()), ("place", "DataTypes.INTEGER", "places", ()),
            ]
        },
    ),
    "Sequelize by variables and functions": (
        _SEQUELIZE_TYPED,
        {
            "logs": [("id", "DataTypes.UUID", "", ("primary key",))], "tags": [("name", "DataTypes.TEXT", "", ())],
            "named": [("id", "DataTypes.UUID", "", ("primary key",))],
            "inline": [("a", "DataTypes.TEXT", "", ())],
        },
    ),
    "Mongoose": (
        _MONGOOSE,
        {
            "addressSchema": [("city", "String", "", ("not null",))],
            "User": [
                ("name.first", "String", "", ()), ("name.last", "String", "", ("not null", "index")),
                ("email", "String", "", ("unique",)), ("address", "addressSchema", "addressSchema", ()),
                ("past", "addressSchema", "addressSchema", ("list",)),
                ("friends", "Schema.Types.ObjectId", "User", ("list",)), ("boss", "Types.ObjectId", "User", ()),
                ("comments", "object", "", ("list",)), ("comments.body", "String", "", ()),
                ("spot.type", "String", "", ()), ("spot.coordinates", "Number", "", ("list",)),
                ("inner", "object", "", ("not null",)), ("inner.a", "Number", "", ()),
                ("tags", "Types.ObjectId", "Tag", ("list",)), ("any", "{}", "", ()), ("list", "[]", "", ("list",)),
                ("createdAt", "Date", "", ()), ("updatedAt", "Date", "", ()),
            ],
            "Inline": [("a", "Number", "", ())],
            "schema": [("b", "Number", "", ())],
        },
    ),
    "Drizzle": (
        _DRIZZLE,
        {
            "post": [
                ("id", "integer", "", ("primary key",)), ("ttl", "varchar", "", ("not null", "unique")),
                ("authorId", "varchar", "users.id", ()), ("editor_id", "integer", "users.id", ()),
                ("parent_id", "integer", "posts.id", ()),
            ],
            "things": [("tags", "text", "", ("unique", "list"))],
            "both": [("a_id", "integer", "", ("primary key",)), ("b", "integer", "", ("primary key",))],
        },
    ),
    "TypeORM": (
        _ENTITY_SCHEMA,
        {
            "category": [
                ("id", "Number", "", ("primary key",)), ("nm", "String", "", ("nullable",)),
                ("parent", '"many-to-one"', "category", ()),
            ]
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_objects_of_a_script_describe_tables(case: str) -> None:
    text, wanted = CASES[case]
    assert tables_of("typescript", text) == wanted
    assert {fact.source for fact in facts("typescript", text, FactKind.TABLE)} == {case.split()[0]}


def test_the_comment_above_a_member_is_its_text_and_the_one_behind_another_is_not() -> None:
    texts = {fact.name: fact.text for fact in facts("typescript", _SEQUELIZE, FactKind.COLUMN) if fact.text}
    assert texts == {"first_name": "The first name.", "kind": "Of which kind."}
    assert [fact.text for fact in facts("typescript", _DRIZZLE, FactKind.COLUMN) if fact.text] == ["The title."]


@pytest.mark.parametrize(
    "text",
    [
        "customElements.define('x-y', Thing, { extends: 'p' });\n",
        "Vue.define('User', { name: String }, { tableName: 'x' });\n",
        "import { Sequelize } from 'sequelize';\nFoo.init({ a: 1 }, { b: 2 });\nthing.belongsTo(4);\n",
        "new Schema({ a: String });\n",
        "import mongoose from 'mongoose';\nnew ajv.compile.Schema.Thing({ a: 1 });\nconst x = { type: String };\n",
        "const t = pgTable('a', { b: c('d') });\n",
        "import { eq } from 'drizzle-orm';\ndb.table('a', { b: c('d') });\nreact.createTable(columns, { a: 1 });\n",
    ],
)
def test_calls_of_the_same_names_describe_nothing(text: str) -> None:
    assert tables_of("typescript", text) == {}


def test_many_models_are_read_in_the_time_that_their_text_takes() -> None:
    text = "import { DataTypes } from 'sequelize';\n" + "".join(
        f"const a{number} = {{ x: DataTypes.TEXT }};\nsequelize.define('m{number}', a{number});\n"
        for number in range(1_000)
    )
    began = time.process_time()
    assert facts("typescript", text, FactKind.TABLE)
    assert time.process_time() - began < 3  # a fifth of it here; it was nine seconds
