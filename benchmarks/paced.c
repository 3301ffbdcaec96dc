/* An open-loop load generator for one UDP echo, as small as one can be: request i leaves at i / RATE seconds after the
 * start, whatever the answers do. It spins between requests and takes answers meanwhile. What loadgen/engine.py sends
 * and hears in Python is held against it.
 *
 *     paced ADDRESS PORT RATE SECONDS OCTETS
 *
 * OCTETS (20..512): size of a request. Its octets 8..11 number it, and an answer is known by them. After the last
 * request it listens for one more second. Prints one line of JSON: sent, answers, the seconds from the first sending to
 * the last, lateness and round trip (from the due moment) as p50 and p99 in microseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { OCTETS_MIN = 20, PACKET_MAX = 512, REPLY_MAX = 2048, REQUEST_ID = 8, REQUESTS_MAX = 10000000, BUFFER = 1 << 22 };
static const long SECOND_NS = 1000000000L;

static void die(const char *what)
{
    fprintf(stderr, "paced: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(1);
}

static long now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND_NS + t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

/* Nearest rank, in microseconds; 0 of nothing. Sorts. */
static double quantile_us(long *values, long count, double quantile)
{
    if (!count)
        return 0;
    qsort(values, (size_t)count, sizeof *values, ascending);
    long rank = (long)(quantile * (double)count + 0.999999) - 1;
    return (double)values[rank < 0 ? 0 : rank] / 1e3;
}

int main(int argc, char **argv)
{
    if (argc != 6)
        die("usage: paced ADDRESS PORT RATE SECONDS OCTETS");
    double rate = atof(argv[3]), seconds = atof(argv[4]);
    long requests = (long)(rate * seconds), octets = atol(argv[5]);
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[2]))};
    if (rate <= 0 || requests < 1 || requests > REQUESTS_MAX || octets < OCTETS_MIN || octets > PACKET_MAX)
        die("rate, seconds or octets are out of range");
    if (inet_pton(AF_INET, argv[1], &target.sin_addr) != 1)
        die("not an IPv4 address");
    int link = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), room = BUFFER;
    if (link < 0 || connect(link, (struct sockaddr *)&target, sizeof target))
        die("no socket");
    setsockopt(link, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    long *late = calloc((size_t)requests, sizeof *late), *took = calloc((size_t)requests, sizeof *took);
    char *heard = calloc((size_t)requests, 1);
    if (!late || !took || !heard)
        die("no memory");

    unsigned char packet[PACKET_MAX] = {0}, reply[REPLY_MAX];
    long sent = 0, answers = 0, first_ns = 0, last_ns = 0;
    long start_ns = now_ns() + SECOND_NS / 100, end_ns = start_ns + (long)(seconds * 1e9) + SECOND_NS;
    for (long next = 0;;) {
        long now = now_ns();
        if (now >= end_ns || answers == requests)
            break;
        long due = start_ns + (long)((double)next / rate * 1e9);
        if (next < requests && now >= due) {
            unsigned id = htonl((unsigned)next);
            memcpy(packet + REQUEST_ID, &id, sizeof id);
            if (send(link, packet, (size_t)octets, 0) == octets) {
                last_ns = now;
                first_ns = sent ? first_ns : now;
                late[sent++] = now - due;
            } else if (errno == ECONNREFUSED) {
                die("nobody listens there");
            }
            next++;
            continue;
        }
        ssize_t got = recv(link, reply, sizeof reply, 0);
        if (got < 0 && errno == ECONNREFUSED) /* whichever call comes first hears it */
            die("nobody listens there");
        if (got >= OCTETS_MIN) {
            unsigned id;
            memcpy(&id, reply + REQUEST_ID, sizeof id);
            id = ntohl(id);
            if (id < (unsigned long)next && !heard[id]) {
                heard[id] = 1;
                took[answers++] = now_ns() - (start_ns + (long)((double)id / rate * 1e9));
            }
        }
    }
    printf("{\"sent\": %ld, \"answers\": %ld, \"seconds\": %.6f", sent, answers, (double)(last_ns - first_ns) / 1e9);
    printf(", \"late_us_p50\": %.2f, \"late_us_p99\": %.2f", quantile_us(late, sent, 0.5), quantile_us(late, sent, 0.99));
    printf(", \"took_us_p50\": %.2f", quantile_us(took, answers, 0.5));
    printf(", \"took_us_p99\": %.2f}\n", quantile_us(took, answers, 0.99));
    return 0;
}
