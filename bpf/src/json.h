/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which of some members a text of JSON has, as far as it is here: an object's own, or those of objects that are in an array. */
#pragma once

enum sp_member {
	SP_MEMBER_JSONRPC = 1 << 0, /* "jsonrpc": "2.0" */
	SP_MEMBER_QUERY = 1 << 1, /* "query": a string */
	SP_MEMBER_EXTENSIONS = 1 << 2, /* "extensions": an object */
};

/* The string at hand as the name of a member; 0: another one. */
static __always_inline __u8 member_of(const struct json *j)
{
	if (j->length == 7 && j->word == SP_WORD("jsonrpc\0"))
		return SP_MEMBER_JSONRPC;
	if (j->length == 5 && j->word == SP_WORD("query\0\0\0"))
		return SP_MEMBER_QUERY;
	if (j->length == 10 && j->word == SP_WORD("extensio"))
		return SP_MEMBER_EXTENSIONS;
	return 0;
}

/* One letter inside of a string. 1: it is what was looked for. */
static __always_inline int letter_of_string(struct json *j, __u8 letter)
{
	if (letter == '"' && !j->escaped) {
		j->inside = 0;
		if (j->name != SP_MEMBER_JSONRPC || j->depth != j->members || j->length != 3 || j->word != SP_WORD("2.0\0\0\0\0\0"))
			return 0;
		j->found = SP_PROTOCOL_JSONRPC;
		return 1;
	}
	j->escaped = letter == '\\' && !j->escaped;
	if (j->length < 8)
		j->word |= (__u64)letter << (8 * (j->length & 7));
	j->length += j->length < 255;
	return 0;
}

/* What begins with this letter is the value of a member that is looked for. */
static __always_inline int is_value(struct json *j, __u8 member)
{
	if (j->name != member || j->depth != j->members)
		return 0;
	j->found = SP_PROTOCOL_GRAPHQL;
	return 1;
}

static __always_inline int letter_of_json(struct json *j, __u8 letter)
{
	if (j->inside)
		return letter_of_string(j, letter);
	if (!j->depth && letter != '{' && letter != '[')
		return letter > ' '; /* blanks may come first */
	switch (letter) {
	case '"':
		j->inside = 1;
		j->word = 0;
		j->length = 0;
		return is_value(j, SP_MEMBER_QUERY);
	case ':':
		if (j->depth == j->members)
			j->name = member_of(j) & j->asked;
		return 0;
	case ',':
		if (j->depth == j->members)
			j->name = 0;
		return 0;
	case '{':
	case '[':
		if (!j->depth)
			j->members = letter == '{' ? 1 : 2;
		if (letter == '{' && is_value(j, SP_MEMBER_EXTENSIONS))
			return 1;
		j->depth++;
		return j->depth == 255;
	case '}':
	case ']':
		j->depth--;
		return !j->depth;
	}
	return 0;
}

struct json_walk {
	struct scratch *scratch;
};

static long json_letter(__u64 index, struct json_walk *w)
{
	struct json *j = &w->scratch->json;

	if (index >= j->end)
		return 1;
	return letter_of_json(j, w->scratch->statement.bytes[index & (SP_HEAD_BYTES - 1)]);
}
