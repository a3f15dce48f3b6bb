// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Conversations in protocols that are not asked for, or that nobody knows: usage: foreign_test EXCHANGE… (golden exchanges of the agent). No socket is taken for what it
 * is not because of what some bytes look like: nothing is told of it, and each wrong guess is taken back and counted.
 */
#include "../src/http_socklen.bpf.c"

#include "native/native.c"
#include "native/talk.c"
#include "native/golden.c"

enum { TURNS = 6, RANDOM_TALKS = 20000 };

static const char *asking = "";
static int told, guesses;

static void expect(int condition, const char *what, __u32 protocol)
{
	if (condition)
		return;
	fprintf(stderr, "%s: %s %s\n", asking, what, protocol < 32 && names[protocol] ? names[protocol] : "HTTP");
	exit(1);
}

/* News of streams that turn out to be none are taken back; everything else is told for good. */
static void tell(const void *record, __u64 size)
{
	const struct event_header *header = record;

	told += header->type == SP_EVENT_EXCHANGE;
}

static __u64 counted(__u32 reason)
{
	__u64 *value = bpf_map_lookup_elem(&sp_counters, &reason);

	return value ? *value : 0;
}

static struct conn *conn(void)
{
	return bpf_sk_storage_get(&sp_conns, &both.sock, 0, 0);
}

static void begin(__u32 protocols)
{
	begin_talk();
	native_record = tell;
	told = 0;
	configure_for(protocols, SP_CONFIG_METRICS, 512);
}

/* Of a conversation that is in no protocol which was asked for. */
static void end_foreign(void)
{
	struct conn *c = conn();
	__u32 wrong = c->endpoints.wrong, protocol = c->endpoints.protocol;

	guesses += wrong;
	expect(!told, "told of an exchange of", protocol);
	expect(wrong == counted(SP_COUNT_GUESSED_WRONG), "a wrong guess is not counted:", c->endpoints.refuted);
	expect(!protocol || !(c->stream[request_direction(c)].bits & SP_FRAME_CONFIRMED), "taken for certain:", protocol);
}

/* Whose opening it is, if it is one, is what it is taken for; without its own protocol it is taken for none for long. */
static void try_golden(void)
{
	__u32 own = golden_protocol();

	if (!own || own == SP_PROTOCOL_HTTP2)
		return;
	begin(~0U);
	transfer(FLAT, golden.outwards, golden.bytes, golden.length);
	expect(!conn()->endpoints.protocol || conn()->endpoints.protocol == own, "taken for", conn()->endpoints.protocol);
	for (__u32 other = 2; other < 32; other++) {
		if (!names[other] || other == own)
			continue;
		begin(1U << other);
		for (int turn = 0; turn < TURNS; turn++)
			transfer(FLAT, golden.outwards ^ (turn & 1), golden.bytes, golden.length);
		end_foreign();
	}
}

/* How conversations begin that nobody follows: who speaks first, and what. */
static const char *const openings[] = {
	"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
	"220 mail.example.com ESMTP Postfix\r\n",
	"EHLO client.example.com\r\n",
	"* OK [CAPABILITY IMAP4rev1] ready\r\n",
	"+OK POP3 ready\r\n",
	"USER anonymous\r\n",
	"NICK me\r\nUSER me 0 * :me\r\n",
	"CONNECT\naccept-version:1.2\nhost:a\n\n",
	"set verbose on\r\n",
	"get me a coffee please\r\n",
	"add one and two\r\n",
	"stats of today\r\n",
	"SUB marine\r\n",
	"PUB is open 24\r\n",
	"MSG from home 7\r\n",
	"INFO: starting\n",
	"@RSYNCD: 31.0\n",
	"GIOP\1\2\1",
	"\5\1",
	"RFB 003.008\n",
	"ruok",
	"\x13"
	"BitTorrent protocol",
	"\x30\x0c\x02\x01\x01\x60\x07",
	"version 2 of it\r\n",
};

static __u64 dice = 88172645463325252ULL;

static __u32 throw(__u32 below)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (dice >> 11) % below;
}

/* Bytes of several sorts: any, small numbers as in binary headers, text, lines. */
static __u32 fill(__u8 *bytes, int sort)
{
	__u32 length = 1 + throw(sort ? 120 : 600);

	for (__u32 i = 0; i < length; i++) {
		switch (sort) {
		case 0:
			bytes[i] = throw(256);
			break;
		case 1:
			bytes[i] = throw(3) ? throw(3) : throw(64);
			break;
		default:
			bytes[i] = throw(12) ? throw(2) ? 'a' + throw(26) : 'A' + throw(26) : sort == 2 ? ' ' : '\n';
		}
	}
	return length;
}

static void try_random(int sort, const char *opening, int outwards)
{
	__u8 bytes[600];

	begin(~0U & ~(1U << SP_PROTOCOL_HTTP));
	if (opening)
		transfer(FLAT, outwards, (const __u8 *)opening, strlen(opening));
	for (int turn = 0; turn < TURNS; turn++) {
		__u32 length = fill(bytes, sort);

		transfer(throw(2) ? VECTOR : FLAT, outwards ^ (turn & 1), bytes, length);
	}
	end_foreign();
}

int main(int count, char **paths)
{
	EXPECT(count > 1);
	for (int i = 1; i < count; i++) {
		asking = paths[i];
		read_golden(asking);
		try_golden();
	}
	for (int i = 0; i < RANDOM_TALKS; i++) {
		int known = throw(2);
		const char *opening = known ? openings[throw(sizeof(openings) / sizeof(*openings))] : 0;

		asking = opening ? opening : "random bytes";
		try_random(throw(4), opening, throw(2));
	}
	printf("foreign_test: %d golden exchanges, %d conversations that nobody knows: %d wrong guesses, all taken back\n", count - 1, RANDOM_TALKS,
	       guesses);
	return 0;
}
