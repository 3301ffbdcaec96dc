/* The compiled rim: what most requests need, without waking Python. Optional: resolver/net/rim.py says when it is used.

   Table     remembered replies (_rim_core.h): put, answer, stream, clear, resize
   Exchange  buffers of BATCH datagrams: receive, answer what is in a table, send; what is not comes back as misses
   Waiter    the wait of an event loop: while it lasts, sockets with a table are served, and Python sleeps

   The global interpreter lock is released while datagrams are handled; each object has a lock of its own meanwhile. */

#define _GNU_SOURCE /* recvmmsg, sendmmsg */
#define PY_SSIZE_T_CLEAN

#include <Python.h>

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#include "_rim_core.h"

enum { BATCH = 64 };
enum { DATAGRAM_MAX = 2048, REPLY_DATAGRAM_MAX = 512, SLOTS_MAX = 64, SAMPLES_MAX = 2 * BATCH, NAME_MAX_ = 28,
       EVENTS_MAX = 1024, FD_MAX = 1 << 20, MOST = 1024 };

typedef struct {
    PyObject_HEAD
    rim_table table;
    pthread_mutex_t lock;
    Py_buffer watched, counted; /* counted: 64-bit numbers by slot, where look-ups over UDP are counted at once */
} Table;

typedef struct {
    PyObject_HEAD
    /* kept: slots that hold misses Python has not had; count: of the datagrams behind those; used: slots whose lengths
       were written */
    int family, kept, count, used, turn;
    pthread_mutex_t lock;
    struct mmsghdr in[BATCH], out[BATCH];
    struct iovec in_vector[BATCH], out_vector[BATCH];
    uint8_t names[BATCH][NAME_MAX_], in_octets[BATCH][DATAGRAM_MAX], out_octets[BATCH][REPLY_DATAGRAM_MAX];
} Exchange;

/* What was answered, by slot of the node's counters. */
typedef struct {
    uint16_t slot[SLOTS_MAX];
    uint32_t times[SLOTS_MAX];
    int count;
} Tally;

/* What was done at a socket since somebody in Python last heard of it. */
typedef struct {
    int taken, answered, dropped, miss_count, sample_count, turn, more; /* more: there may be more datagrams */
    uint8_t misses[BATCH];                                              /* slots of an Exchange */
    struct { uint8_t whose[8]; int32_t surplus; } samples[SAMPLES_MAX];
    Tally tally;
    int64_t took_ns, wall_ns; /* wall_ns: when it was done, all in one second; 0 if whoever called knows */
} Work;

static int tally(Tally *done, uint16_t slot) {
    for (int at = 0; at < done->count; at++)
        if (done->slot[at] == slot) return (int)++done->times[at];
    if (done->count == SLOTS_MAX) return 0;
    done->slot[done->count] = slot, done->times[done->count++] = 1;
    return 1;
}

static PyObject *tally_list(const Tally *done) {
    PyObject *list = PyList_New(done->count);
    for (int at = 0; list && at < done->count; at++) {
        PyObject *pair = Py_BuildValue("(HI)", done->slot[at], done->times[at]);
        if (pair) PyList_SetItem(list, at, pair); else Py_CLEAR(list);
    }
    return list;
}

/* -- Table -------------------------------------------------------------------------------------------------------- */

static int table_init(PyObject *self, PyObject *args, PyObject *keywords) {
    Table *made = (Table *)self;
    Py_ssize_t octets_max, seed_octets;
    const char *seed;
    if (!PyArg_ParseTuple(args, "ny#", &octets_max, &seed, &seed_octets)) return -1;
    if (octets_max < 0 || seed_octets != 16 || made->table.buckets) {
        PyErr_SetString(PyExc_ValueError, "Table(octets_max, sixteen octets of chance)");
        return -1;
    }
    uint64_t words[2];
    memcpy(words, seed, 16);
    pthread_mutex_init(&made->lock, NULL);
    if (rim_open(&made->table, (size_t)octets_max, words[0], words[1])) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

static void table_free(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    if (((Table *)self)->table.buckets) pthread_mutex_destroy(&((Table *)self)->lock);
    rim_close(&((Table *)self)->table);
    if (((Table *)self)->watched.obj) PyBuffer_Release(&((Table *)self)->watched);
    if (((Table *)self)->counted.obj) PyBuffer_Release(&((Table *)self)->counted);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static PyObject *table_put(PyObject *self, PyObject *args) {
    Table *made = (Table *)self;
    const uint8_t *request, *reply;
    Py_ssize_t request_octets, reply_octets;
    unsigned short udp_slot, tcp_slot, place = 0;
    unsigned int born_s, generation = 0;
    long long expires_ns;
    PyObject *ttls;
    uint32_t places[2 * RIM_TTLS_MAX];
    if (!PyArg_ParseTuple(args, "y#y#HHILO!|HI", &request, &request_octets, &reply, &reply_octets, &udp_slot, &tcp_slot,
                          &born_s, &expires_ns, &PyTuple_Type, &ttls, &place, &generation))
        return NULL;
    Py_ssize_t count = PyTuple_Size(ttls);
    for (Py_ssize_t at = 0; at < count && at < RIM_TTLS_MAX; at++)
        if (!PyArg_ParseTuple(PyTuple_GetItem(ttls, at), "II", &places[2 * at], &places[2 * at + 1])) return NULL;
    pthread_mutex_lock(&made->lock);
    int said = rim_put(&made->table, request, (size_t)request_octets, reply, (size_t)reply_octets, udp_slot, tcp_slot,
                       born_s, expires_ns, places, (size_t)count, place, generation);
    pthread_mutex_unlock(&made->lock);
    if (said < 0) return PyErr_NoMemory();
    return PyBool_FromLong(!said);
}

/* answer(request, wall_ns) -> (reply, udp slot, tcp slot), or None */
static PyObject *table_answer(PyObject *self, PyObject *args) {
    Table *made = (Table *)self;
    const uint8_t *request;
    Py_ssize_t octets;
    long long wall_ns;
    uint8_t out[RIM_REPLY_MAX];
    if (!PyArg_ParseTuple(args, "y#L", &request, &octets, &wall_ns)) return NULL;
    pthread_mutex_lock(&made->lock);
    rim_keep_up(&made->table);
    rim_entry *entry = rim_find(&made->table, request, (size_t)octets, wall_ns);
    size_t wrote = entry ? rim_write(&made->table, entry, request, wall_ns / 1000000000, out) : 0;
    unsigned udp_slot = entry ? entry->udp_slot : 0, tcp_slot = entry ? entry->tcp_slot : 0;
    pthread_mutex_unlock(&made->lock);
    if (!wrote) Py_RETURN_NONE;
    return Py_BuildValue("(y#II)", out, (Py_ssize_t)wrote, udp_slot, tcp_slot);
}

/* stream(octets, wall_ns, most) -> (replies, octets used, [(slot, times)]): whole requests, back to back, as long as all
   are known; at most so many */
static PyObject *table_stream(PyObject *self, PyObject *args) {
    Table *made = (Table *)self;
    const uint8_t *data;
    Py_ssize_t octets, at = 0;
    long long wall_ns;
    int most;
    if (!PyArg_ParseTuple(args, "y#Li", &data, &octets, &wall_ns, &most)) return NULL;
    Tally done = {.count = 0};
    size_t room = 0, wrote = 0;
    uint8_t *out = NULL;
    int short_of_memory = 0;
    Py_BEGIN_ALLOW_THREADS
    pthread_mutex_lock(&made->lock);
    rim_keep_up(&made->table);
    while (most-- > 0 && octets - at >= RIM_HEADER_END) {
        const uint8_t *request = data + at;
        size_t length = ((size_t)request[16] << 24 | request[17] << 16 | request[18] << 8 | request[19]) + 20;
        if (length > RIM_REQUEST_MAX || length > (size_t)(octets - at)) break;
        rim_entry *entry = rim_find(&made->table, request, length, wall_ns);
        if (!entry) break;
        if (room - wrote < RIM_REPLY_MAX) {
            uint8_t *more = realloc(out, room = 2 * room + 16 * RIM_REPLY_MAX);
            if (!more) {
                short_of_memory = 1;
                break;
            }
            out = more;
        }
        if (!tally(&done, entry->tcp_slot)) break;
        wrote += rim_write(&made->table, entry, request, wall_ns / 1000000000, out + wrote);
        at += (Py_ssize_t)length;
    }
    pthread_mutex_unlock(&made->lock);
    Py_END_ALLOW_THREADS
    PyObject *slots = short_of_memory ? PyErr_NoMemory() : tally_list(&done);
    PyObject *said = slots ? Py_BuildValue("(y#nN)", out ? out : data, (Py_ssize_t)wrote, at, slots) : NULL;
    free(out);
    return said;
}

static PyObject *table_clear(PyObject *self, PyObject *ignored) {
    Table *made = (Table *)self;
    pthread_mutex_lock(&made->lock);
    rim_clear(&made->table);
    pthread_mutex_unlock(&made->lock);
    Py_RETURN_NONE;
}

/* watch(buffer): go by the generations that stand there, 32-bit numbers */
static PyObject *table_watch(PyObject *self, PyObject *buffer) {
    Table *made = (Table *)self;
    Py_buffer watched;
    if (PyObject_GetBuffer(buffer, &watched, PyBUF_SIMPLE)) return NULL;
    if (watched.len < 4 * (RIM_GENERATIONS + 1) || (uintptr_t)watched.buf % 4) {
        PyBuffer_Release(&watched);
        return PyErr_Format(PyExc_ValueError, "generations are %d aligned numbers and the epoch", RIM_GENERATIONS);
    }
    pthread_mutex_lock(&made->lock);
    rim_watch(&made->table, watched.buf);
    pthread_mutex_unlock(&made->lock);
    if (made->watched.obj) PyBuffer_Release(&made->watched);
    made->watched = watched;
    Py_RETURN_NONE;
}

/* count_in(buffer): count there what datagrams are answered with, at once, and not in what is told */
static PyObject *table_count_in(PyObject *self, PyObject *buffer) {
    Table *made = (Table *)self;
    Py_buffer counted;
    if (PyObject_GetBuffer(buffer, &counted, PyBUF_WRITABLE)) return NULL;
    if ((uintptr_t)counted.buf % 8) {
        PyBuffer_Release(&counted);
        return PyErr_Format(PyExc_ValueError, "counts are aligned 64-bit numbers");
    }
    pthread_mutex_lock(&made->lock);
    Py_buffer before = made->counted;
    made->counted = counted;
    pthread_mutex_unlock(&made->lock);
    if (before.obj) PyBuffer_Release(&before);
    Py_RETURN_NONE;
}

/* What was answered, moved to where it is counted for good; slots beyond it stay, to be told. */
static void count(const Table *known, Tally *done) {
    uint64_t *counts = known->counted.buf;
    size_t slots = counts ? (size_t)known->counted.len / 8 : 0;
    int kept = 0;
    for (int at = 0; at < done->count; at++)
        if (done->slot[at] < slots) {
            counts[done->slot[at]] += done->times[at];
        } else {
            done->slot[kept] = done->slot[at], done->times[kept++] = done->times[at];
        }
    done->count = kept;
}

static PyObject *table_resize(PyObject *self, PyObject *octets_max) {
    Table *made = (Table *)self;
    Py_ssize_t octets = PyLong_AsSsize_t(octets_max);
    if (octets < 0) return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "octets_max is %zd", octets);
    pthread_mutex_lock(&made->lock);
    rim_resize(&made->table, (size_t)octets);
    pthread_mutex_unlock(&made->lock);
    Py_RETURN_NONE;
}

static PyObject *table_scale(PyObject *self, PyObject *scale) {
    double time_scale = PyFloat_AsDouble(scale);
    if (PyErr_Occurred()) return NULL;
    ((Table *)self)->table.time_scale = time_scale;
    Py_RETURN_NONE;
}

static PyObject *table_octets(PyObject *self, void *ignored) { return PyLong_FromSize_t(((Table *)self)->table.octets); }
static PyObject *table_evicted(PyObject *self, void *ignored) {
    return PyLong_FromUnsignedLongLong(((Table *)self)->table.evicted);
}
static Py_ssize_t table_len(PyObject *self) { return (Py_ssize_t)((Table *)self)->table.count; }

static PyMethodDef table_methods[] = {
    {"put", table_put, METH_VARARGS,
     "put(request, reply, udp_slot, tcp_slot, born_s, expires_ns, ((offset, seconds), ...), generation slot, number) -> "
     "whether it is kept"},
    {"answer", table_answer, METH_VARARGS, "answer(request, wall_ns) -> (reply, udp slot, tcp slot), or None"},
    {"stream", table_stream, METH_VARARGS, "stream(octets, wall_ns, most) -> (replies, octets used, [(slot, times)])"},
    {"clear", table_clear, METH_NOARGS, "Forget everything."},
    {"count_in", table_count_in, METH_O, "count_in(buffer): count datagrams there, in 64-bit numbers by slot, at once."},
    {"watch", table_watch, METH_O, "watch(buffer): what is said stands as long as the numbers there do."},
    {"resize", table_resize, METH_O, "Go on with other room, in octets."},
    {"scale", table_scale, METH_O, "TTLs run down so many times as fast as the clock."},
    {0}};
static PyGetSetDef table_gets[] = {{"octets", table_octets, NULL, "What is kept, bookkeeping included.", NULL},
                                   {"evicted", table_evicted, NULL, "How many entries had to leave.", NULL},
                                   {0}};
static PyType_Slot table_slots[] = {{Py_tp_init, table_init},       {Py_tp_dealloc, table_free},
                                    {Py_tp_methods, table_methods}, {Py_tp_getset, table_gets},
                                    {Py_mp_length, table_len},      {Py_tp_doc, "Remembered replies, by request."},
                                    {0, 0}};
static PyType_Spec table_spec = {"resolver.net._rim.Table", sizeof(Table), 0, Py_TPFLAGS_DEFAULT, table_slots};

static PyTypeObject *table_type, *exchange_type;

/* -- Exchange ----------------------------------------------------------------------------------------------------- */

static socklen_t name_octets(const Exchange *made) {
    return made->family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

static int exchange_init(PyObject *self, PyObject *args, PyObject *keywords) {
    Exchange *made = (Exchange *)self;
    if (!PyArg_ParseTuple(args, "i", &made->family)) return -1;
    pthread_mutex_init(&made->lock, NULL);
    for (int at = 0; at < BATCH; at++) {
        made->in_vector[at] = (struct iovec){made->in_octets[at], DATAGRAM_MAX};
        made->in[at].msg_hdr.msg_iov = &made->in_vector[at], made->in[at].msg_hdr.msg_iovlen = 1;
        made->in[at].msg_hdr.msg_name = made->names[at], made->in[at].msg_hdr.msg_namelen = name_octets(made);
        made->out[at].msg_hdr.msg_iov = &made->out_vector[at], made->out[at].msg_hdr.msg_iovlen = 1;
    }
    return 0;
}

/* Where in a socket address the octets stand that tell sources apart: an IPv4 address, or half of an IPv6 one, which is
   one subscriber's; and how many they are. */
static size_t whose_at(const Exchange *made) { return made->family == AF_INET ? 4 : 8; }
static Py_ssize_t whose_octets(const Exchange *made) { return made->family == AF_INET ? 4 : 8; }

/* Whether the samples of one more batch might not find room. */
static int full(const Work *work) { return work->sample_count > SAMPLES_MAX - BATCH; }

static int send_all(Exchange *made, int fd, int count) { /* how many the kernel would not have */
    int sent = 0;
    while (sent < count) {
        int now = sendmmsg(fd, made->out + sent, (unsigned)(count - sent), MSG_DONTWAIT);
        if (now < 0 && errno == EINTR) continue;
        if (now <= 0) return count - sent;
        sent += now;
    }
    return 0;
}

/* Answer datagrams from a table until the socket is empty, somebody asks what is not in it, or so many have been taken. */
static void serve(Exchange *made, int fd, Table *known, int64_t wall_ns, int weight, int most, Work *work) {
    int taken = 0;
    pthread_mutex_lock(&made->lock);
    pthread_mutex_lock(&known->lock);
    const int first = made->kept;
    do {
        for (int at = first; at < made->used; at++) made->in[at].msg_hdr.msg_namelen = name_octets(made);
        made->count = recvmmsg(fd, made->in + first, (unsigned)(BATCH - first), MSG_DONTWAIT, NULL);
        if (made->count < 0) made->count = 0;
        const int end = made->used = first + made->count;
        rim_keep_up(&known->table); /* after the datagrams came: what was written before they were sent is known */
        int ready = 0;
        uint32_t hashes[BATCH];
        uint8_t plain[BATCH];
        for (int at = first; at < end; at++) {
            plain[at] = (uint8_t)rim_plain(made->in_octets[at], made->in[at].msg_len);
            if (!plain[at]) continue;
            hashes[at] = rim_hash(&known->table, made->in_octets[at], made->in[at].msg_len);
            rim_prefetch_bucket(&known->table, hashes[at]);
        }
        for (int at = first; at < end; at++)
            if (plain[at]) rim_prefetch_entry(&known->table, hashes[at]);
        for (int at = first; at < end; at++) {
            const uint8_t *packet = made->in_octets[at];
            size_t octets = made->in[at].msg_len;
            rim_entry *entry =
                plain[at] ? rim_find_hashed(&known->table, packet, octets, hashes[at], wall_ns) : NULL;
            if (!entry || entry->reply_octets > REPLY_DATAGRAM_MAX || !tally(&work->tally, entry->udp_slot)) {
                work->misses[work->miss_count++] = (uint8_t)at;
                made->kept = at + 1;
                continue;
            }
            size_t wrote = rim_write(&known->table, entry, packet, wall_ns / 1000000000, made->out_octets[ready]);
            made->out_vector[ready] = (struct iovec){made->out_octets[ready], wrote};
            made->out[ready].msg_hdr.msg_name = made->names[at];
            made->out[ready++].msg_hdr.msg_namelen = made->in[at].msg_hdr.msg_namelen;
            if (weight && --work->turn <= 0) { /* there is room: see `full` */
                work->turn = weight;
                memcpy(work->samples[work->sample_count].whose, made->names[at] + whose_at(made), 8);
                work->samples[work->sample_count++].surplus = (int32_t)wrote - 2 * (int32_t)octets;
            }
        }
        taken += made->count, work->answered += ready;
        count(known, &work->tally); /* first: who has an answer finds it counted, whatever becomes of us */
        work->dropped += send_all(made, fd, ready);
    } while (!work->miss_count && made->count == BATCH - first && taken < most && !full(work));
    work->taken += taken;
    work->more = made->count == BATCH - first;
    pthread_mutex_unlock(&known->lock);
    pthread_mutex_unlock(&made->lock);
}

/* (taken, answered, dropped, more, misses, tally, samples, took_ns, wall_ns); the work is done with. misses: [(slot, packet)];
   samples: of every `weight`th answered datagram (0: of none) (whose, octets beyond twice the request). */
static PyObject *told(Exchange *made, Work *work) {
    PyObject *missed = PyList_New(work->miss_count), *sampled = PyList_New(work->sample_count);
    PyObject *tallied = tally_list(&work->tally), *said = NULL;
    for (int at = 0; missed && at < work->miss_count; at++) {
        int slot = work->misses[at];
        PyObject *pair = Py_BuildValue("(iy#)", slot, made->in_octets[slot], (Py_ssize_t)made->in[slot].msg_len);
        if (pair) PyList_SetItem(missed, at, pair); else Py_CLEAR(missed);
    }
    for (int at = 0; sampled && at < work->sample_count; at++) {
        PyObject *pair = Py_BuildValue("(y#i)", work->samples[at].whose, whose_octets(made), (int)work->samples[at].surplus);
        if (pair) PyList_SetItem(sampled, at, pair); else Py_CLEAR(sampled);
    }
    if (missed && sampled && tallied)
        said = Py_BuildValue("(iiiOOOOLL)", work->taken, work->answered, work->dropped, work->more ? Py_True : Py_False,
                             missed, tallied, sampled, (long long)work->took_ns, (long long)work->wall_ns);
    Py_XDECREF(missed), Py_XDECREF(sampled), Py_XDECREF(tallied);
    int turn = work->turn;
    memset(work, 0, sizeof *work);
    work->turn = turn;
    return said;
}

/* exchange(fd, table, wall_ns, weight, most) -> see told */
static PyObject *exchange_exchange(PyObject *self, PyObject *args) {
    Exchange *made = (Exchange *)self;
    int fd, weight, most;
    Table *known;
    long long wall_ns;
    if (!PyArg_ParseTuple(args, "iO!Lii", &fd, table_type, &known, &wall_ns, &weight, &most)) return NULL;
    Work work = {.turn = made->turn};
    made->kept = 0;
    Py_BEGIN_ALLOW_THREADS
    serve(made, fd, known, wall_ns, weight, most, &work);
    Py_END_ALLOW_THREADS
    made->turn = work.turn;
    return told(made, &work);
}

/* send(fd, [(at, packet)]) -> how many the kernel would not have; to whom the datagrams in the slots came from */
static PyObject *exchange_send(PyObject *self, PyObject *args) {
    Exchange *made = (Exchange *)self;
    int fd, dropped = 0;
    PyObject *replies;
    if (!PyArg_ParseTuple(args, "iO!", &fd, &PyList_Type, &replies)) return NULL;
    Py_ssize_t total = PyList_Size(replies);
    for (Py_ssize_t first = 0; first < total; first += BATCH) {
        int count = 0;
        for (Py_ssize_t at = first; at < total && count < BATCH; at++, count++) {
            int slot;
            char *packet;
            Py_ssize_t octets;
            PyObject *pair = PyList_GetItem(replies, at), *number = PyTuple_GetItem(pair, 0);
            if (!number) return NULL;
            slot = (int)PyLong_AsLong(number);
            if (slot < 0 || slot >= BATCH) return PyErr_Format(PyExc_ValueError, "there is no slot %d", slot);
            if (PyBytes_AsStringAndSize(PyTuple_GetItem(pair, 1), &packet, &octets)) return NULL;
            made->out_vector[count] = (struct iovec){packet, (size_t)octets};
            made->out[count].msg_hdr.msg_name = made->names[slot];
            made->out[count].msg_hdr.msg_namelen = made->in[slot].msg_hdr.msg_namelen;
        }
        dropped += send_all(made, fd, count);
    }
    return PyLong_FromLong(dropped);
}

static PyObject *exchange_name(PyObject *self, PyObject *number) {
    Exchange *made = (Exchange *)self;
    long at = PyLong_AsLong(number);
    if (at < 0 || at >= BATCH) return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "no slot %ld", at);
    return PyBytes_FromStringAndSize((char *)made->names[at], (Py_ssize_t)name_octets(made));
}

static void exchange_free(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static PyMethodDef exchange_methods[] = {
    {"exchange", exchange_exchange, METH_VARARGS,
     "exchange(fd, table, wall_ns, weight, most) -> (taken, answered, dropped, more, misses, tally, samples, 0, 0)"},
    {"send", exchange_send, METH_VARARGS, "send(fd, [(slot, packet)]) -> how many the kernel would not have"},
    {"name", exchange_name, METH_O, "name(slot) -> the socket address it came from, as the kernel wrote it"},
    {0}};
static PyType_Slot exchange_slots[] = {{Py_tp_init, exchange_init},
                                       {Py_tp_dealloc, exchange_free},
                                       {Py_tp_methods, exchange_methods},
                                       {Py_tp_doc, "Buffers for batches of datagrams of one address family."},
                                       {0, 0}};
static PyType_Spec exchange_spec = {"resolver.net._rim.Exchange", sizeof(Exchange), 0, Py_TPFLAGS_DEFAULT,
                                    exchange_slots};

/* -- Waiter: the wait of an event loop, in which repeats are answered without waking Python ------------------------- */

typedef struct {
    PyObject *served; /* who in Python hears of it */
    Table *known;
    int weight, busy;
    Work work;
} Place;

typedef struct {
    PyObject_HEAD
    Exchange *exchange;
    Place **places; /* by descriptor */
    int place_count, *busy, busy_count, busy_room;
    int64_t second; /* in which the work was done that nobody has heard of */
    struct epoll_event events[EVENTS_MAX];
} Waiter;

static int waiter_init(PyObject *self, PyObject *args, PyObject *keywords) {
    Waiter *made = (Waiter *)self;
    PyObject *exchange;
    if (made->exchange || !PyArg_ParseTuple(args, "O!", exchange_type, &exchange)) return -1;
    made->exchange = (Exchange *)Py_NewRef(exchange);
    return 0;
}

static void vacate(Waiter *made, int fd) {
    Place *place = fd < made->place_count ? made->places[fd] : NULL;
    if (!place) return;
    made->places[fd] = NULL;
    for (int at = 0; at < made->busy_count; at++)
        if (made->busy[at] == fd) made->busy[at--] = made->busy[--made->busy_count];
    Py_DECREF(place->served), Py_DECREF((PyObject *)place->known);
    free(place);
}

static void waiter_free(PyObject *self) {
    Waiter *made = (Waiter *)self;
    PyTypeObject *type = Py_TYPE(self);
    for (int fd = 0; fd < made->place_count; fd++) vacate(made, fd);
    free(made->places), free(made->busy);
    Py_XDECREF((PyObject *)made->exchange);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

/* attach(fd, served, table, weight): from now on this table answers first what comes to a socket */
static PyObject *waiter_attach(PyObject *self, PyObject *args) {
    Waiter *made = (Waiter *)self;
    int fd, weight;
    PyObject *served;
    Table *known;
    if (!PyArg_ParseTuple(args, "iOO!i", &fd, &served, table_type, &known, &weight)) return NULL;
    if (fd < 0 || fd > FD_MAX) return PyErr_Format(PyExc_ValueError, "there is no descriptor %d", fd);
    if (fd >= made->place_count) {
        Place **places = realloc(made->places, (size_t)(fd + 64) * sizeof *places);
        if (!places) return PyErr_NoMemory();
        memset(places + made->place_count, 0, (size_t)(fd + 64 - made->place_count) * sizeof *places);
        made->places = places, made->place_count = fd + 64;
    }
    if (made->busy_room < made->place_count) {
        int *busy = realloc(made->busy, (size_t)made->place_count * sizeof *busy);
        if (!busy) return PyErr_NoMemory();
        made->busy = busy, made->busy_room = made->place_count;
    }
    vacate(made, fd);
    Place *place = calloc(1, sizeof *place);
    if (!place) return PyErr_NoMemory();
    place->served = Py_NewRef(served), place->known = (Table *)Py_NewRef((PyObject *)known), place->weight = weight;
    made->places[fd] = place;
    Py_RETURN_NONE;
}

static PyObject *waiter_detach(PyObject *self, PyObject *number) {
    long fd = PyLong_AsLong(number);
    if (fd == -1 && PyErr_Occurred()) return NULL;
    if (fd >= 0 && fd <= FD_MAX) vacate((Waiter *)self, (int)fd);
    Py_RETURN_NONE;
}

static int64_t nanoseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* wait(epoll descriptor, ms or -1, most events) -> ([(fd, events)] for Python, [(served, see told)]) */
static PyObject *waiter_wait(PyObject *self, PyObject *args) {
    Waiter *made = (Waiter *)self;
    int poll, wait_ms, most, events_count = 0;
    struct { int fd; uint32_t events; } theirs[EVENTS_MAX];
    if (!PyArg_ParseTuple(args, "iii", &poll, &wait_ms, &most)) return NULL;
    if (most > EVENTS_MAX) most = EVENTS_MAX;
    made->exchange->kept = 0;
    Py_BEGIN_ALLOW_THREADS
    int64_t until_ns = nanoseconds(CLOCK_MONOTONIC) + (int64_t)wait_ms * 1000000;
    int left_ms = wait_ms, wake = 0;
    while (!wake) {
        int count = epoll_wait(poll, made->events, most, left_ms);
        if (count <= 0) break; /* time is up, or a signal came */
        int64_t wall_ns = nanoseconds(CLOCK_REALTIME), now_ns = nanoseconds(CLOCK_MONOTONIC);
        if (made->busy_count && made->second != wall_ns / 1000000000) break; /* told first; epoll tells of these again */
        made->second = wall_ns / 1000000000;
        for (int at = 0; at < count; at++) {
            int fd = made->events[at].data.fd;
            Place *place = fd < made->place_count ? made->places[fd] : NULL;
            if (!place || made->events[at].events != EPOLLIN) {
                theirs[events_count].fd = fd, theirs[events_count++].events = made->events[at].events;
                wake = 1;
                continue;
            }
            serve(made->exchange, fd, place->known, wall_ns, place->weight, MOST, &place->work);
            int64_t then_ns = nanoseconds(CLOCK_MONOTONIC);
            place->work.took_ns += then_ns - now_ns, now_ns = then_ns, place->work.wall_ns = wall_ns;
            if (!place->busy) place->busy = 1, made->busy[made->busy_count++] = fd;
            if (place->work.more || full(&place->work)) wake = 1;
            if (place->work.miss_count) wake = 1; /* they lie in the buffers until Python has had them */
            if (made->exchange->kept == BATCH) break; /* epoll tells of the others again */
        }
        if (wait_ms >= 0) {
            int64_t left_ns = until_ns - now_ns;
            if (left_ns <= 0) break;
            left_ms = (int)((left_ns + 999999) / 1000000);
        }
    }
    Py_END_ALLOW_THREADS
    PyObject *events = PyList_New(events_count), *works = PyList_New(0), *said = NULL;
    for (int at = 0; events && at < events_count; at++) {
        PyObject *pair = Py_BuildValue("(iI)", theirs[at].fd, (unsigned)theirs[at].events);
        if (pair) PyList_SetItem(events, at, pair); else Py_CLEAR(events);
    }
    while (works && made->busy_count) {
        Place *place = made->places[made->busy[--made->busy_count]];
        place->busy = 0;
        PyObject *work = told(made->exchange, &place->work), *pair = work ? Py_BuildValue("(ON)", place->served, work) : NULL;
        if (!pair || PyList_Append(works, pair)) Py_CLEAR(works);
        Py_XDECREF(pair);
    }
    if (events && works) said = Py_BuildValue("(OO)", events, works);
    Py_XDECREF(events), Py_XDECREF(works);
    return said;
}

static PyMethodDef waiter_methods[] = {
    {"attach", waiter_attach, METH_VARARGS, "attach(fd, served, table, weight): this table answers first there."},
    {"detach", waiter_detach, METH_O, "detach(fd): Python alone looks after it again."},
    {"wait", waiter_wait, METH_VARARGS, "wait(epoll fd, ms or -1, most) -> ([(fd, events)], [(served, work)])"},
    {0}};
static PyType_Slot waiter_slots[] = {{Py_tp_init, waiter_init},
                                     {Py_tp_dealloc, waiter_free},
                                     {Py_tp_methods, waiter_methods},
                                     {Py_tp_doc, "The wait of an event loop, in which repeats are answered."},
                                     {0, 0}};
static PyType_Spec waiter_spec = {"resolver.net._rim.Waiter", sizeof(Waiter), 0, Py_TPFLAGS_DEFAULT, waiter_slots};

/* -- the module --------------------------------------------------------------------------------------------------- */

static int fill(PyObject *module) {
    PyObject *table = PyType_FromSpec(&table_spec), *exchange = PyType_FromSpec(&exchange_spec);
    PyObject *waiter = PyType_FromSpec(&waiter_spec);
    if (!table || !exchange || !waiter || PyModule_AddObjectRef(module, "Table", table) ||
        PyModule_AddObjectRef(module, "Exchange", exchange) || PyModule_AddObjectRef(module, "Waiter", waiter) ||
        PyModule_AddIntConstant(module, "BATCH", BATCH))
        return -1;
    table_type = (PyTypeObject *)table, exchange_type = (PyTypeObject *)exchange; /* kept for ever */
    Py_DECREF(waiter);
    return 0;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_rim", "The compiled rim.", 0, NULL, module_slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__rim(void) { return PyModuleDef_Init(&module); }
