/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * MySQL and MariaDB. A packet is three bytes of length, a number and the payload; a command has number 0. What was negotiated is not needed to follow answers, so
 * a connection can be joined midway. Statements and what runs them are exchanges; other commands are where they fail.
 */
#pragma once

#define SP_MYSQL_WHOLE 0xffffff /* a payload of this length goes on in the next packet */
#define SP_MYSQL_COMPRESS (1 << 5)
#define SP_MYSQL_SSL (1 << 11)
#define SP_MYSQL_ZSTD (1 << 26)
#define SP_MYSQL_MORE_RESULTS 8
#define SP_MYSQL_CURSOR 0x40

enum sp_mysql_command {
	SP_MYSQL_QUIT = 0x01,
	SP_MYSQL_INIT_DB = 0x02,
	SP_MYSQL_QUERY = 0x03,
	SP_MYSQL_FIELD_LIST = 0x04,
	SP_MYSQL_PING = 0x0e,
	SP_MYSQL_CHANGE_USER = 0x11,
	SP_MYSQL_BINLOG = 0x12,
	SP_MYSQL_TABLE_DUMP = 0x13,
	SP_MYSQL_PREPARE = 0x16,
	SP_MYSQL_EXECUTE = 0x17,
	SP_MYSQL_LONG_DATA = 0x18,
	SP_MYSQL_CLOSE = 0x19,
	SP_MYSQL_FETCH = 0x1c,
	SP_MYSQL_BINLOG_GTID = 0x1e,
	SP_MYSQL_COMMANDS = 0x20,
	SP_MYSQL_BULK_EXECUTE = 0xfa, /* MariaDB */
};

/* Where in an answer the server is: stream.phase, with the definitions to come in stream.batches. */
enum sp_mysql_phase { SP_MYSQL_FIRST = 0, SP_MYSQL_LOGIN, SP_MYSQL_COLUMNS, SP_MYSQL_COLUMNS_END, SP_MYSQL_ROWS, SP_MYSQL_PARAMETERS };

/* Of the server's stream: its greeting says that it is MariaDB; an exchange's minor says so, too. */
#define SP_MYSQL_MARIADB SP_FRAME_ONE_BYTE

/* What the client asked for, in stream.batches of its direction. */
enum sp_mysql_wish { SP_MYSQL_WISH_COMPRESS = 1 };

static __always_inline __u64 mysql_length(const struct scratch *s, __u32 at)
{
	return word_at(s, at) & 0xffffff;
}

static __always_inline int looks_like_mysql(const struct scratch *s, __u64 total)
{
	__u64 length = mysql_length(s, 0);
	__u8 number = byte_at(s, 3), first = byte_at(s, 4), next = byte_at(s, 5);

	if (length + 4 != total || number)
		return 0;
	if (first == 10 && length > 40 && next >= '0' && next <= '9' && is_text(s, 5, 13))
		return SP_GUESS_STRONG | SP_GUESS_ANSWER | SP_GUESS_STARTUP;
	if (first == SP_MYSQL_PREPARE || (first == SP_MYSQL_QUERY && next > 1))
		return length > 4 && is_text(s, 5, total) ? SP_GUESS_STRONG : 0;
	if (first == SP_MYSQL_EXECUTE)
		return length >= 10 && (__u32)word_at(s, 10) == 1 ? SP_GUESS_STRONG : 0;
	/* With attributes; a single byte is no proof. */
	if (first == SP_MYSQL_QUERY && next <= 1)
		return length > 6 && byte_at(s, 6) == 1 ? SP_GUESS_WEAK : 0;
	return first == SP_MYSQL_PING && length == 1 ? SP_GUESS_WEAK : 0;
}

static __always_inline long mysql_header_bytes(const struct stream *st)
{
	return 4;
}

__noinline long sp_mysql_header(struct conn *c, struct scratch *s)
{
	struct frame *f;
	struct stream *st;
	long want = 32;

	if (!c || !s)
		return -1;
	f = &s->frame;
	st = &c->stream[s->direction & 1];
	f->type = byte_at(s, f->at + 3);
	f->length = 4 + mysql_length(s, f->at);
	if ((st->bits & SP_FRAME_STARTUP) || (s->direction == request_direction(c) && !f->type))
		want = SP_PEEK;
	return f->length < want ? f->length : want;
}

/* Nothing of this connection can be read from here on. */
static __always_inline void mysql_leave(struct conn *c)
{
	c->stream[SP_INGRESS].state = SP_OPAQUE;
	c->stream[SP_EGRESS].state = SP_OPAQUE;
}

static __always_inline int mysql_login(struct conn *c, struct scratch *s, struct stream *st, __u32 to)
{
	struct frame *f = &s->frame;
	__u32 flags = word_at(s, f->at + 4);

	st->bits &= ~SP_FRAME_STARTUP;
	if (f->type != 1)
		return -SP_LOST_FRAMING;
	if (f->length == 36 && (flags & SP_MYSQL_SSL)) {
		count(SP_COUNT_ENCRYPTED);
		mysql_leave(c);
		return 0;
	}
	if (flags & (SP_MYSQL_COMPRESS | SP_MYSQL_ZSTD))
		st->batches |= SP_MYSQL_WISH_COMPRESS;
	sp_statement(c, s, 0, f->at, to); /* which database */
	return 0;
}

/* What a command is about is in its statement; the others are of the connection itself. */
static __always_inline int is_mysql_statement(__u8 command)
{
	return command == SP_MYSQL_QUERY || command == SP_MYSQL_EXECUTE || command == SP_MYSQL_BULK_EXECUTE;
}

/* A statement that chooses a database, by its first letters. */
static __always_inline int is_use(__u32 letters)
{
	return (letters | 0x20202020) == SP_WORD("use ");
}

static __always_inline int mysql_asks(struct conn *c, struct scratch *s, struct stream *st, const struct trace_config *config)
{
	struct stream *answers = &c->stream[!s->direction];
	struct frame *f = &s->frame;
	struct exchange *x;
	__u8 command;
	__u32 to;

	to = f->end - f->at > f->length ? f->at + f->length : f->end;
	if (st->bits & SP_FRAME_STARTUP)
		return mysql_login(c, s, st, to);
	if (st->bits & SP_FRAME_BUILDING) {
		/* The file of LOAD DATA LOCAL; an empty packet ends it. */
		if (f->length == 4)
			st->bits &= ~SP_FRAME_BUILDING;
		return 0;
	}
	if (f->type || answers->phase == SP_MYSQL_LOGIN)
		return 0;
	if (f->length == 4)
		return -SP_LOST_FRAMING;
	command = byte_at(s, f->at + 4);
	if (command >= SP_MYSQL_COMMANDS && command != SP_MYSQL_BULK_EXECUTE)
		return -SP_LOST_FRAMING;
	if (command == SP_MYSQL_QUIT || command == SP_MYSQL_LONG_DATA || command == SP_MYSQL_CLOSE)
		return 0;
	if (command == SP_MYSQL_BINLOG || command == SP_MYSQL_BINLOG_GTID || command == SP_MYSQL_TABLE_DUMP) {
		mysql_leave(c);
		return 0;
	}
	x = begin_frames(c, s, config, command);
	if (x) {
		x->minor = !!(answers->bits & SP_MYSQL_MARIADB);
		/* Later ones may speak of it. */
		if (!is_mysql_statement(command) || (command == SP_MYSQL_QUERY && is_use((__u32)word_at(s, f->at + 5))))
			x->capture = SP_STATEMENT;
		if (x->capture) {
			sp_capture(x, s, c->endpoints.id, f->at, to);
			st->bits |= SP_FRAME_CAPTURED;
		}
	}
	return 0;
}

static __always_inline void mysql_done(struct conn *c, struct scratch *s, struct stream *st)
{
	st->phase = SP_MYSQL_FIRST;
	if (!is_mysql_statement(c->open.kind) && !c->open.status)
		c->open.roles = 0;
	finish_frames(c, s);
}

/* Behind a number of one to nine bytes. */
static __always_inline __u32 behind_number(const struct scratch *s, __u32 at)
{
	__u8 first = byte_at(s, at);

	return at + (first < 0xfb ? 1 : first == 0xfc ? 3 : first == 0xfd ? 4 : 9);
}

/* A result ends with the packet at hand, whose payload is at `at`; another may follow. */
static __always_inline void mysql_result_ends(struct conn *c, struct scratch *s, struct stream *st, __u32 at, __u64 payload)
{
	__u32 flags = byte_at(s, at) && payload == 5 ? at + 3 : behind_number(s, behind_number(s, at + 1));

	if (word_at(s, flags) & SP_MYSQL_MORE_RESULTS)
		st->phase = SP_MYSQL_FIRST;
	else
		mysql_done(c, s, st);
}

/* The first packet of an answer, or of the next result. */
static __always_inline int mysql_first(struct conn *c, struct scratch *s, struct stream *st, __u32 at, __u64 payload, __u8 first)
{
	__u8 command = c->open.kind;
	__u32 next;

	if (command == SP_MYSQL_PREPARE) {
		if (first || payload < 12)
			return -SP_LOST_FRAMING;
		sp_statement_answered(c, s, command, word_at(s, at + 1));
		st->batches = (__u16)word_at(s, at + 5) + (__u16)word_at(s, at + 7);
		if (st->batches)
			st->phase = SP_MYSQL_PARAMETERS;
		else
			mysql_done(c, s, st);
		return 0;
	}
	if (!is_mysql_statement(command)) {
		/* Other users have a conversation first. */
		if (command != SP_MYSQL_CHANGE_USER || !first) {
			if (command == SP_MYSQL_INIT_DB || command == SP_MYSQL_CHANGE_USER)
				sp_statement_answered(c, s, command, 0);
			mysql_done(c, s, st);
		}
		return 0;
	}
	if (!first) {
		if (command == SP_MYSQL_QUERY && c->open.head_len > 8 && is_use(*(__u32 *)&c->open.prefix[5]))
			sp_statement_answered(c, s, command, 0);
		mysql_result_ends(c, s, st, at, payload);
		return 0;
	}
	if (first == 0xfb) {
		c->stream[request_direction(c)].bits |= SP_FRAME_BUILDING;
		return 0;
	}
	if (first > 0xfc || payload > 4)
		return -SP_LOST_FRAMING;
	st->batches = first == 0xfc ? (__u16)word_at(s, at + 1) : first;
	next = behind_number(s, at);
	/* MariaDB: a byte says whether the client still knows the columns. */
	if (at + payload > next && !byte_at(s, next))
		st->batches = 0;
	st->phase = st->batches ? SP_MYSQL_COLUMNS : SP_MYSQL_COLUMNS_END;
	return 0;
}

static __always_inline int mysql_error(struct conn *c, struct scratch *s, struct stream *st, __u32 at)
{
	__u16 code = word_at(s, at + 1);

	if (code == 0xffff)
		return 0; /* MariaDB tells of its progress */
	c->open.status = code;
	/* What failed has no rows to tell of: in their place is its SQLSTATE, which only servers leave out that know nobody yet. */
	c->open.rows = byte_at(s, at + 3) == '#' ? sqlstate_at(s, at + 4) : 0;
	mysql_done(c, s, st);
	return 0;
}

#define SP_MYSQL_VERSION 24 /* bytes of a greeting that its version is looked for in */

/* Whether the version in the greeting at `at` is one of MariaDB's. Without branches, which the verifier would multiply. */
__noinline int sp_mysql_is_mariadb(const struct scratch *s, __u32 at)
{
	__u64 none = 1;

	if (!s)
		return 0;
	for (int i = 0; i < SP_MYSQL_VERSION; i++) {
		__u64 other = first_bytes(masked_word_at(s, at + i) ^ SP_WORD("MariaDB"), 7);

		other = (other | -other) >> 63;
		SP_CHECKED(other);
		none &= other;
	}
	return !none;
}

static __always_inline int mysql_answers(struct conn *c, struct scratch *s, struct stream *st)
{
	struct frame *f = &s->frame;
	__u64 payload = f->length - 4;
	__u32 at = f->at + 4;
	__u8 first = payload ? byte_at(s, at) : 0, continued = st->bits & SP_FRAME_CONTINUED;
	int ends = first == 0xfe && payload < SP_MYSQL_WHOLE;

	if (payload == SP_MYSQL_WHOLE)
		st->bits |= SP_FRAME_CONTINUED;
	else
		st->bits &= ~SP_FRAME_CONTINUED;
	if (continued)
		return 0;
	if (st->bits & SP_FRAME_STARTUP) {
		st->bits &= ~SP_FRAME_STARTUP;
		if (sp_mysql_is_mariadb(s, at))
			st->bits |= SP_MYSQL_MARIADB;
		st->phase = SP_MYSQL_LOGIN;
		return 0;
	}
	if (st->phase == SP_MYSQL_LOGIN) {
		if (first)
			return 0;
		st->phase = SP_MYSQL_FIRST;
		if (c->stream[request_direction(c)].batches & SP_MYSQL_WISH_COMPRESS) {
			count(SP_COUNT_COMPRESSED);
			mysql_leave(c);
		}
		return 0;
	}
	/* After a statement was prepared an EOF may come that its exchange did not wait for. */
	if (st->bits & SP_FRAME_BUILDING) {
		st->bits &= ~SP_FRAME_BUILDING;
		if (ends && payload == 5 && f->type != 1)
			return 0;
	}
	if (!is_open(c))
		return 0;
	if (!c->open.response_start)
		c->open.response_start = s->now;
	if (st->phase == SP_MYSQL_FIRST && (c->open.kind == SP_MYSQL_FETCH || c->open.kind == SP_MYSQL_FIELD_LIST))
		st->phase = SP_MYSQL_ROWS;
	switch (st->phase) {
	case SP_MYSQL_FIRST:
		if (!f->type)
			return -SP_LOST_FRAMING;
		return first == 0xff ? mysql_error(c, s, st, at) : mysql_first(c, s, st, at, payload, first);
	case SP_MYSQL_PARAMETERS:
		if (!ends && !--st->batches) {
			st->bits |= SP_FRAME_BUILDING;
			mysql_done(c, s, st);
		}
		return 0;
	case SP_MYSQL_COLUMNS:
		/* A definition begins with its catalogue. */
		if ((__u32)word_at(s, at) != SP_WORD("\003def"))
			return first == 0xff ? mysql_error(c, s, st, at) : -SP_LOST_FRAMING;
		if (!--st->batches)
			st->phase = SP_MYSQL_COLUMNS_END;
		return 0;
	case SP_MYSQL_COLUMNS_END:
		st->phase = SP_MYSQL_ROWS;
		if (ends && payload == 5) {
			/* The rows are asked for with FETCH. */
			if (word_at(s, at + 3) & SP_MYSQL_CURSOR)
				mysql_done(c, s, st);
			return 0;
		}
	}
	if (ends)
		mysql_result_ends(c, s, st, at, payload);
	else if (first == 0xff)
		return mysql_error(c, s, st, at);
	else
		c->open.rows++;
	return 0;
}

__noinline int sp_mysql_frame(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream *st;

	if (!c || !s || !config)
		return -SP_LOST_FRAMING;
	st = &c->stream[s->direction & 1];
	return s->direction == request_direction(c) ? mysql_asks(c, s, st, config) : mysql_answers(c, s, st);
}
