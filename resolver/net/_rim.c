/* The compiled rim: what most requests need, without waking Python. Optional: resolver/net/rim.py says when it is used.

   Table     remembered replies (_rim_core.h): put, answer, stream, clear, resize
   Exchange  buffers of BATCH datagrams: receive, answer what is in a table, send; what is not comes back as misses

   The global interpreter lock is released while datagrams are handled; each object has a lock of its own meanwhile. */

#define _GNU_SOURCE /* recvmmsg, sendmmsg */
#define PY_SSIZE_T_CLEAN

#include <Python.h>

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>

#include "_rim_core.h"

enum { BATCH = 64, DATAGRAM_MAX = 2048, REPLY_DATAGRAM_MAX = 512, SLOTS_MAX = 64, SAMPLES_MAX = 1024, NAME_MAX_ = 28 };

typedef struct {
    PyObject_HEAD
    rim_table table;
    pthread_mutex_t lock;
} Table;

typedef struct {
    PyObject_HEAD
    int family, count; /* of the datagrams that lie in `in` */
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
        if (!pair) {
            Py_CLEAR(list);
            break;
        }
        PyList_SetItem(list, at, pair);
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
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static PyObject *table_put(PyObject *self, PyObject *args) {
    Table *made = (Table *)self;
    const uint8_t *request, *reply;
    Py_ssize_t request_octets, reply_octets;
    unsigned short udp_slot, tcp_slot;
    unsigned int born_s;
    long long expires_ns;
    PyObject *ttls;
    uint32_t places[2 * RIM_TTLS_MAX];
    if (!PyArg_ParseTuple(args, "y#y#HHILO!", &request, &request_octets, &reply, &reply_octets, &udp_slot, &tcp_slot,
                          &born_s, &expires_ns, &PyTuple_Type, &ttls))
        return NULL;
    Py_ssize_t count = PyTuple_Size(ttls);
    for (Py_ssize_t at = 0; at < count && at < RIM_TTLS_MAX; at++)
        if (!PyArg_ParseTuple(PyTuple_GetItem(ttls, at), "II", &places[2 * at], &places[2 * at + 1])) return NULL;
    pthread_mutex_lock(&made->lock);
    int said = rim_put(&made->table, request, (size_t)request_octets, reply, (size_t)reply_octets, udp_slot, tcp_slot,
                       born_s, expires_ns, places, (size_t)count);
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
     "put(request, reply, udp_slot, tcp_slot, born_s, expires_ns, ((offset, seconds), ...)) -> whether it is kept"},
    {"answer", table_answer, METH_VARARGS, "answer(request, wall_ns) -> (reply, udp slot, tcp slot), or None"},
    {"stream", table_stream, METH_VARARGS, "stream(octets, wall_ns, most) -> (replies, octets used, [(slot, times)])"},
    {"clear", table_clear, METH_NOARGS, "Forget everything."},
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

static PyTypeObject *table_type;

/* -- Exchange ----------------------------------------------------------------------------------------------------- */

static int exchange_init(PyObject *self, PyObject *args, PyObject *keywords) {
    Exchange *made = (Exchange *)self;
    if (!PyArg_ParseTuple(args, "i", &made->family)) return -1;
    pthread_mutex_init(&made->lock, NULL);
    for (int at = 0; at < BATCH; at++) {
        made->in_vector[at] = (struct iovec){made->in_octets[at], DATAGRAM_MAX};
        made->in[at].msg_hdr.msg_iov = &made->in_vector[at], made->in[at].msg_hdr.msg_iovlen = 1;
        made->in[at].msg_hdr.msg_name = made->names[at];
        made->out[at].msg_hdr.msg_iov = &made->out_vector[at], made->out[at].msg_hdr.msg_iovlen = 1;
    }
    return 0;
}

static socklen_t name_octets(const Exchange *made) {
    return made->family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

/* The octets that stand for a source: an IPv4 address, or half of an IPv6 one, which is one subscriber's. */
static const uint8_t *whose(const Exchange *made, int at, Py_ssize_t *octets) {
    *octets = made->family == AF_INET ? 4 : 8;
    return made->names[at] + (made->family == AF_INET ? 4 : 8);
}

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

/* exchange(fd, table, wall_ns, weight, most) -> (taken, answered, dropped, misses, tally, samples): until the socket is
   empty, somebody asks what is not in the table, or so many have been taken. misses: [(at, packet)]; samples: of every
   `weight`th answered datagram (0: of none) (whose, octets beyond twice the request). */
static PyObject *exchange_exchange(PyObject *self, PyObject *args) {
    Exchange *made = (Exchange *)self;
    int fd, weight, most;
    Table *known;
    long long wall_ns;
    if (!PyArg_ParseTuple(args, "iO!Lii", &fd, table_type, &known, &wall_ns, &weight, &most)) return NULL;
    int taken = 0, answered = 0, dropped = 0, turn = weight, miss_count = 0, sample_count = 0, misses[BATCH];
    struct { uint8_t whose[8]; int32_t surplus; } samples[SAMPLES_MAX];
    Py_ssize_t whose_octets = made->family == AF_INET ? 4 : 8;
    Tally done = {.count = 0};
    Py_BEGIN_ALLOW_THREADS
    pthread_mutex_lock(&made->lock);
    pthread_mutex_lock(&known->lock);
    do {
        for (int at = 0; at < BATCH; at++) made->in[at].msg_hdr.msg_namelen = name_octets(made);
        made->count = recvmmsg(fd, made->in, BATCH, MSG_DONTWAIT, NULL);
        if (made->count <= 0) {
            made->count = 0;
            break;
        }
        int ready = 0;
        for (int at = 0; at < made->count; at++) {
            const uint8_t *packet = made->in_octets[at];
            size_t octets = made->in[at].msg_len;
            rim_entry *entry = rim_find(&known->table, packet, octets, wall_ns);
            if (!entry || entry->reply_octets > REPLY_DATAGRAM_MAX || !tally(&done, entry->udp_slot)) {
                misses[miss_count++] = at;
                continue;
            }
            size_t wrote = rim_write(&known->table, entry, packet, wall_ns / 1000000000, made->out_octets[ready]);
            made->out_vector[ready] = (struct iovec){made->out_octets[ready], wrote};
            made->out[ready].msg_hdr.msg_name = made->names[at];
            made->out[ready++].msg_hdr.msg_namelen = made->in[at].msg_hdr.msg_namelen;
            if (weight && --turn <= 0 && sample_count < SAMPLES_MAX) {
                turn = weight;
                Py_ssize_t length;
                memcpy(samples[sample_count].whose, whose(made, at, &length), (size_t)whose_octets);
                samples[sample_count++].surplus = (int32_t)wrote - 2 * (int32_t)octets;
            }
        }
        taken += made->count, answered += ready;
        dropped += send_all(made, fd, ready);
    } while (!miss_count && made->count == BATCH && taken < most);
    pthread_mutex_unlock(&known->lock);
    pthread_mutex_unlock(&made->lock);
    Py_END_ALLOW_THREADS
    PyObject *missed = PyList_New(miss_count), *sampled = PyList_New(sample_count), *tallied = tally_list(&done);
    for (int at = 0; missed && at < miss_count; at++) {
        int slot = misses[at];
        PyObject *pair = Py_BuildValue("(iy#)", slot, made->in_octets[slot], (Py_ssize_t)made->in[slot].msg_len);
        if (pair) PyList_SetItem(missed, at, pair); else Py_CLEAR(missed);
    }
    for (int at = 0; sampled && at < sample_count; at++) {
        PyObject *pair = Py_BuildValue("(y#i)", samples[at].whose, whose_octets, (int)samples[at].surplus);
        if (pair) PyList_SetItem(sampled, at, pair); else Py_CLEAR(sampled);
    }
    if (!missed || !sampled || !tallied) {
        Py_XDECREF(missed), Py_XDECREF(sampled), Py_XDECREF(tallied);
        return NULL;
    }
    return Py_BuildValue("(iiiNNN)", taken, answered, dropped, missed, tallied, sampled);
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
     "exchange(fd, table, wall_ns, weight, most) -> (taken, answered, dropped, misses, tally, samples)"},
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

/* -- the module --------------------------------------------------------------------------------------------------- */

static int fill(PyObject *module) {
    PyObject *table = PyType_FromSpec(&table_spec), *exchange = PyType_FromSpec(&exchange_spec);
    if (!table || !exchange || PyModule_AddObjectRef(module, "Table", table) ||
        PyModule_AddObjectRef(module, "Exchange", exchange) || PyModule_AddIntConstant(module, "BATCH", BATCH))
        return -1;
    table_type = (PyTypeObject *)table; /* kept for ever */
    Py_DECREF(exchange);
    return 0;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_rim", "The compiled rim.", 0, NULL, module_slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__rim(void) { return PyModuleDef_Init(&module); }
