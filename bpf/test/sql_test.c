// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Pipelines of PostgreSQL's extended protocol, as asynchronous drivers send them: each request with a Sync of its own, statements that are prepared or closed between them,
 * errors. Each request is told once and with its own outcome, and what an error skips is counted.
 */
#include "../src/http_socklen.bpf.c"

#include "native/native.c"
#include "native/talk.c"

enum { CLIENT = 1, SERVER = 0 };

static char outcomes[256];
static int told;

/* An outcome a letter: rows as a digit, or e for an error. */
static void tell(const void *record, __u64 size)
{
	const struct exchange_event *event = record;

	if (event->header.type != SP_EVENT_EXCHANGE)
		return;
	EXPECT(event->end == SP_END_COMPLETE);
	outcomes[told++] = event->status ? 'e' : '0' + event->rows;
	outcomes[told] = 0;
}

static __u64 counted(__u32 reason)
{
	__u64 *value = bpf_map_lookup_elem(&sp_counters, &reason);

	return value ? *value : 0;
}

static void message(int outwards, char type, const char *body, __u32 size)
{
	__u8 bytes[64] = { type, 0, 0, 0, size + 4 };

	memcpy(bytes + 5, body, size);
	transfer(FLAT, outwards, bytes, size + 5);
}

/* P: Parse, B: Bind, E: Execute, S: Sync, C: Close, Q: a simple query. */
static void ask(const char *types)
{
	for (; *types; types++)
		switch (*types) {
		case 'P':
			message(CLIENT, 'P', "n\0select 1\0\0\0", 13);
			break;
		case 'B':
			message(CLIENT, 'B', "\0n\0\0\0\0\0\0\0", 9);
			break;
		case 'E':
			message(CLIENT, 'E', "\0\0\0\0\0", 5);
			break;
		case 'C':
			message(CLIENT, 'C', "Sn\0", 3);
			break;
		case 'Q':
			message(CLIENT, 'Q', "select 1; select 2", 19);
			break;
		default:
			message(CLIENT, *types, "", 0);
		}
}

/* 1, 2, 3: as Parse, Bind, Close have it; D: a row, C: done, E: an error, Z: ready. */
static void answer(const char *types)
{
	for (; *types; types++)
		switch (*types) {
		case 'D':
			message(SERVER, 'D', "\0\1\0\0\0\1x", 7);
			break;
		case 'C':
			message(SERVER, 'C', "SELECT 1", 9);
			break;
		case 'E':
			message(SERVER, 'E', "SERROR\0C42703\0\0", 15);
			break;
		case 'Z':
			message(SERVER, 'Z', "I", 1);
			break;
		default:
			message(SERVER, *types, "", 0);
		}
}

static void begin(void)
{
	begin_talk();
	native_record = tell;
	configure_for(1 << SP_PROTOCOL_POSTGRESQL, SP_CONFIG_METRICS, 64);
	told = 0;
	ask("Q");
	answer("DCDCZ");
	EXPECT(told == 1 && outcomes[0] == '2');
	told = 0;
	outcomes[0] = 0;
}

static void expect(const char *wanted, __u64 skipped)
{
	if (strcmp(outcomes, wanted))
		fprintf(stderr, "told %s, expected %s\n", outcomes, wanted);
	EXPECT(!strcmp(outcomes, wanted));
	EXPECT(counted(SP_COUNT_SKIPPED) == skipped);
	EXPECT(!is_open((struct conn *)bpf_sk_storage_get(&sp_conns, &both.sock, 0, 0)));
}

static void a_sync_each(void)
{
	begin();
	ask("BESBESBESBES");
	answer("2DCZ");
	answer("2DDCZ2CZ2DDDCZ");
	expect("1203", 0);
}

static void prepared_and_closed_between(void)
{
	begin();
	ask("PSPSCSBESCSSBES");
	answer("1Z1Z3Z2DCZ3ZZ2CZ");
	expect("10", 0);
	/* Asked while the answers come. */
	begin();
	ask("PSPSPS");
	answer("1Z");
	ask("BES");
	answer("1Z");
	ask("BES");
	answer("1Z");
	ask("BES");
	answer("2DC");
	ask("CS");
	answer("Z2DDC");
	ask("CS");
	answer("Z2DDDCZ3Z3Z");
	expect("123", 0);
}

/* An error skips the rest of its own batch. */
static void errors(void)
{
	begin();
	ask("BEBEBESBESPSBES");
	answer("2DCE");
	answer("Z2DDCZ1Z2CZ");
	expect("1e20", 1);
	begin();
	ask("BESBESBES");
	answer("EZ2DCZEZ");
	expect("e1e", 0);
	begin();
	ask("PSBES");
	answer("EZ2DCZ");
	expect("e1", 0);
}

static void simple_queries_between(void)
{
	begin();
	ask("QBESQQ");
	answer("DCDCZ2DCZEZDCEZ");
	expect("21ee", 0);
}

int main(void)
{
	a_sync_each();
	prepared_and_closed_between();
	errors();
	simple_queries_between();
	puts("sql_test: passed");
	return 0;
}
