-- Wireshark and tshark: the Handle protocol (RFC 3652, as Handle.Net and the national SDK speak it).
-- Made by `biaoshi dissector` from the tables with which biaoshi itself reads and writes; do not edit.
--
--     tshark -X lua_script:handle.lua -r capture.pcap
--     Wireshark: copy it into the folder of personal Lua plugins (Help, About, Folders)

local proto = Proto("hdl", "Handle System protocol")
local PORTS = { @PORTS@ }
local OPCODES = { @OPCODES@ }
local CODES = { @CODES@ }
local FLAGS = { @FLAGS@ } -- { bit, short name, name }
local ENVELOPE, HEADER, FRAGMENT = @ENVELOPE@, @HEADER@, @FRAGMENT@
local DIGESTS = { [1] = 16, [2] = 20, [3] = 32 } -- octets of a digest, by its algorithm

local f = {
  version = ProtoField.string("hdl.version", "Version"),
  suggested = ProtoField.string("hdl.suggested", "Suggested version"),
  compressed = ProtoField.bool("hdl.compressed", "Compressed", 8, nil, 0x80),
  encrypted = ProtoField.bool("hdl.encrypted", "Encrypted", 8, nil, 0x40),
  truncated = ProtoField.bool("hdl.truncated", "Truncated", 8, nil, 0x20),
  session = ProtoField.uint32("hdl.session", "Session id"),
  id = ProtoField.uint32("hdl.id", "Request id"),
  sequence = ProtoField.uint32("hdl.sequence", "Sequence number"),
  length = ProtoField.uint32("hdl.length", "Message length"),
  opcode = ProtoField.uint32("hdl.opcode", "Opcode", base.DEC, OPCODES),
  code = ProtoField.uint32("hdl.code", "Response code", base.DEC, CODES),
  flags = ProtoField.uint32("hdl.flags", "Op flags", base.HEX),
  serial = ProtoField.uint16("hdl.serial", "Site info serial"),
  recursion = ProtoField.uint8("hdl.recursion", "Recursion count"),
  expires = ProtoField.absolute_time("hdl.expires", "Expires", base.UTC),
  body_length = ProtoField.uint32("hdl.body_length", "Body length"),
  handle = ProtoField.string("hdl.handle", "Handle", base.UNICODE),
  index = ProtoField.uint32("hdl.index", "Index"),
  type = ProtoField.string("hdl.type", "Type", base.UNICODE),
  message = ProtoField.string("hdl.message", "Message", base.UNICODE),
  value = ProtoField.none("hdl.value", "Value"),
  value_index = ProtoField.uint32("hdl.value.index", "Index"),
  value_time = ProtoField.absolute_time("hdl.value.timestamp", "Timestamp", base.UTC),
  value_ttl_type = ProtoField.uint8("hdl.value.ttl_type", "TTL type", base.DEC, { [0] = "relative", [1] = "absolute" }),
  value_ttl = ProtoField.uint32("hdl.value.ttl", "TTL"),
  value_permissions = ProtoField.uint8("hdl.value.permissions", "Permissions", base.HEX),
  value_type = ProtoField.string("hdl.value.type", "Type", base.UNICODE),
  value_data = ProtoField.bytes("hdl.value.data", "Data"),
  value_text = ProtoField.string("hdl.value.text", "Data", base.UNICODE),
  reference = ProtoField.string("hdl.value.reference", "Reference", base.UNICODE),
  digest = ProtoField.bytes("hdl.digest", "Digest of the request"),
  nonce = ProtoField.bytes("hdl.nonce", "Nonce"),
  user = ProtoField.string("hdl.user", "User", base.UNICODE),
  auth_type = ProtoField.string("hdl.auth_type", "Authentication type"),
  answer = ProtoField.bytes("hdl.answer", "Answer"),
  octets = ProtoField.bytes("hdl.octets", "Octets"),
  credential = ProtoField.bytes("hdl.credential", "Credential"),
  part = ProtoField.bytes("hdl.part", "Part of a message"),
}
for _, flag in ipairs(FLAGS) do
  f["flag_" .. flag[2]] = ProtoField.bool("hdl.flags." .. flag[2], flag[3], 32, nil, flag[1])
end
proto.fields = f

local odd = ProtoExpert.new("hdl.odd", "Not as the protocol has it", expert.group.PROTOCOL, expert.severity.NOTE)
proto.experts = { odd }

-- A reader that never goes beyond its end: nil says that something is not there.
local Reader = {}
Reader.__index = Reader
local function reader(tvb, from, to) return setmetatable({ tvb = tvb, at = from, to = to }, Reader) end
function Reader:left() return self.to - self.at end
function Reader:take(octets)
  if octets < 0 or octets > self:left() then return nil end
  local range = self.tvb(self.at, octets)
  self.at = self.at + octets
  return range
end
function Reader:u32()
  local range = self:take(4)
  return range and range:uint(), range
end
function Reader:counted() -- octets behind their number
  local start = self.at
  local octets = self:u32()
  if octets == nil or octets > self:left() then
    self.at = start
    return nil
  end
  if octets == 0 then return self.tvb(start, 4), true end
  return self:take(octets), false
end

local function text(range, empty)
  if empty then return "" end
  return range:string(ENC_UTF_8)
end

local function add_text(tree, field, r)
  local range, empty = r:counted()
  if range == nil then return nil end
  local words = text(range, empty)
  tree:add(field, range, words)
  return words
end

local function printable(range)
  for at = 0, range:len() - 1 do
    local octet = range(at, 1):uint()
    if octet < 32 or octet == 127 then return false end
  end
  return true
end

local function add_value(tree, r)
  local start = r.at
  local index, where = r:u32()
  local head = r:take(10) -- timestamp, TTL type, TTL, permissions
  if index == nil or head == nil then
    r.at = start
    return false
  end
  local one = tree:add(f.value, r.tvb(start, r.to - start))
  one:add(f.value_index, where)
  one:add(f.value_time, head(0, 4))
  one:add(f.value_ttl_type, head(4, 1))
  one:add(f.value_ttl, head(5, 4))
  one:add(f.value_permissions, head(9, 1))
  local kind = add_text(one, f.value_type, r)
  local data, empty = r:counted()
  if kind == nil or data == nil then return false end
  if empty then
    one:add(f.value_text, data, "")
  elseif printable(data) then
    one:add(f.value_text, data, text(data, false))
  else
    one:add(f.value_data, data)
  end
  local references = r:u32()
  if references == nil then return false end
  for _ = 1, math.min(references, 1000) do
    local words = add_text(one, f.reference, r)
    local number = r:u32()
    if words == nil or number == nil then return false end
  end
  one:set_len(r.at - start)
  one:append_text(": " .. index .. " " .. kind)
  return true
end

local function add_values(tree, r)
  local count = r:u32()
  if count == nil then return end
  for _ = 1, math.min(count, 10000) do
    if not add_value(tree, r) then return end
  end
end

local function add_list(tree, r, each)
  local count = r:u32()
  if count == nil then return end
  for _ = 1, math.min(count, 10000) do
    if each(tree, r) == nil then return end
  end
end

local function index_of(tree, r)
  local number, range = r:u32()
  if number ~= nil then tree:add(f.index, range) end
  return number
end
local function type_of(tree, r) return add_text(tree, f.type, r) end
local function handle_of(tree, r) return add_text(tree, f.handle, r) end
local function octets_of(field)
  return function(tree, r)
    local range, empty = r:counted()
    if range ~= nil and not empty then tree:add(field, range) end
    return range
  end
end

-- What stands in bodies: of requests by opcode, of responses by opcode if they are successes, by code if not.
local HANDLE = function(tree, r) return handle_of(tree, r) end
local VALUES = function(tree, r)
  local name = handle_of(tree, r)
  add_values(tree, r)
  return name
end
local REQUESTS = {
  [1] = function(tree, r)
    local name = handle_of(tree, r)
    add_list(tree, r, index_of)
    add_list(tree, r, type_of)
    return name
  end,
  [2] = HANDLE, [100] = VALUES, [101] = HANDLE, [102] = VALUES, [104] = VALUES, [105] = HANDLE, [106] = HANDLE,
  [300] = HANDLE, [301] = HANDLE, [302] = HANDLE,
  [103] = function(tree, r)
    local name = handle_of(tree, r)
    add_list(tree, r, index_of)
    return name
  end,
  [200] = function(tree, r)
    add_text(tree, f.auth_type, r)
    local name = add_text(tree, f.user, r)
    index_of(tree, r)
    octets_of(f.answer)(tree, r)
    return name
  end,
  [2001] = function(tree, r)
    local name = add_text(tree, f.user, r)
    index_of(tree, r)
    return name
  end,
}
local SUCCESSES = {
  [1] = VALUES,
  [100] = HANDLE,
  [105] = function(tree, r) add_list(tree, r, handle_of) end,
  [106] = function(tree, r) add_list(tree, r, handle_of) end,
  [302] = function(tree, r) add_list(tree, r, handle_of) end,
}
local function failure(tree, r) -- a message, then perhaps indexes
  local words = add_text(tree, f.message, r)
  if r:left() >= 4 then add_list(tree, r, index_of) end
  return words
end
local CODES_WITH_BODIES = {
  [302] = VALUES, [303] = VALUES,
  [402] = function(tree, r) octets_of(f.nonce)(tree, r) end,
}

local function name_of(names, number) return names[number] or tostring(number) end

local function dissect(tvb, pinfo, tree)
  local octets = tvb:len()
  if octets < ENVELOPE then return 0 end
  pinfo.cols.protocol = "Handle"
  local top = tree:add(proto, tvb(0, octets))
  local marks, length = tvb(2, 1):uint(), tvb(16, 4):uint()
  local envelope = top:add(tvb(0, ENVELOPE), "Envelope")
  envelope:add(f.version, tvb(0, 2), tvb(0, 1):uint() .. "." .. tvb(1, 1):uint())
  envelope:add(f.suggested, tvb(2, 2), (marks % 32) .. "." .. tvb(3, 1):uint())
  envelope:add(f.compressed, tvb(2, 1))
  envelope:add(f.encrypted, tvb(2, 1))
  envelope:add(f.truncated, tvb(2, 1))
  envelope:add(f.session, tvb(4, 4))
  envelope:add(f.id, tvb(8, 4))
  envelope:add(f.sequence, tvb(12, 4))
  envelope:add(f.length, tvb(16, 4))
  local id = tvb(8, 4):uint()
  local function info(words) pinfo.cols.info = words:gsub("%c", "?") .. " id=" .. id end -- a terminal shows it
  if octets == ENVELOPE then
    info("Empty message")
    return octets
  end
  if length > octets - ENVELOPE then -- one datagram of several
    top:add(f.part, tvb(ENVELOPE))
    info("Part " .. (tvb(12, 4):uint() + 1) .. " of " .. math.ceil(length / FRAGMENT))
    return octets
  end
  if math.floor(marks / 64) % 4 ~= 0 then
    top:add(f.octets, tvb(ENVELOPE))
    info("Encrypted message")
    return octets
  end
  if length < HEADER then
    top:add(f.octets, tvb(ENVELOPE)):add_proto_expert_info(odd, "No whole header")
    info("Message without a whole header")
    return octets
  end
  local at = ENVELOPE
  local opcode, code, flags = tvb(at, 4):uint(), tvb(at + 4, 4):uint(), tvb(at + 8, 4)
  local header = top:add(tvb(at, HEADER), "Header")
  header:add(f.opcode, tvb(at, 4))
  header:add(f.code, tvb(at + 4, 4))
  local bits = header:add(f.flags, flags)
  for _, flag in ipairs(FLAGS) do bits:add(f["flag_" .. flag[2]], flags) end
  header:add(f.serial, tvb(at + 12, 2))
  header:add(f.recursion, tvb(at + 14, 1))
  header:add(f.expires, tvb(at + 16, 4))
  header:add(f.body_length, tvb(at + 20, 4))
  local body_length = tvb(at + 20, 4):uint()
  at = at + HEADER
  local body_end = math.min(at + body_length, ENVELOPE + length)
  local r = reader(tvb, at, body_end)
  local about
  if body_end > at then
    local body = top:add(tvb(at, body_end - at), "Body")
    if code ~= 0 and flags:bitfield(8, 1) == 1 then -- RD: the digest of the request comes first
      local algorithm = r:take(1)
      local digest = algorithm and DIGESTS[algorithm:uint()] and r:take(DIGESTS[algorithm:uint()])
      if digest then body:add(f.digest, digest) else r.at = at end
    end
    local read = REQUESTS[opcode]
    if code == 1 then read = SUCCESSES[opcode] elseif code ~= 0 then read = CODES_WITH_BODIES[code] or failure end
    if read then about = read(body, r) end
    if r:left() > 0 then body:add(f.octets, r:take(r:left())) end
  end
  if ENVELOPE + length > body_end then top:add(f.credential, tvb(body_end, ENVELOPE + length - body_end)) end
  local what = name_of(OPCODES, opcode)
  if code ~= 0 then what = name_of(CODES, code) .. (opcode ~= 1 and " to " .. what or "") end
  info(what .. ((about and about ~= "") and " " .. about or ""))
  return octets
end

-- Octets that follow a message in its datagram belong to nobody, and are shown; a datagram holds one message.
function proto.dissector(tvb, pinfo, tree)
  if pinfo.port_type == 2 then -- TCP: messages back to back
    dissect_tcp_pdus(tvb, tree, ENVELOPE, function(more, _, offset)
      return ENVELOPE + more(offset + 16, 4):uint()
    end, dissect)
    return tvb:len()
  end
  return dissect(tvb, pinfo, tree)
end

for _, port in ipairs(PORTS) do
  DissectorTable.get("udp.port"):add(port, proto)
  DissectorTable.get("tcp.port"):add(port, proto)
end
