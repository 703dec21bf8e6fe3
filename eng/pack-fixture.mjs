// Used by pack-fixture.sh.
//   prepare FOLDER   drops from golden.safetensors what another tensor repeats, and stores every .safetensors as byte planes
//                    (dumps of TransformerLens keep block 0 whole and the main activations of the others)
//   compress FILE    brotli (window 2^24, quality 11) from standard input
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const [verb, target] = process.argv.slice(2);

function read(file) {
    const bytes = fs.readFileSync(file);
    const length = Number(bytes.readBigUInt64LE(0));
    return { header: JSON.parse(bytes.subarray(8, 8 + length)), data: bytes.subarray(8 + length) };
}

function write(file, header, data) {
    const text = Buffer.from(JSON.stringify(header));
    const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, 0x20)]);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(padded.length));
    fs.writeFileSync(file, Buffer.concat([length, padded, data]));
}

// hidden_states.i is bit for bit another residual tensor in most families: one copy is enough.
function repeats(name, header, bytes) {
    return name.startsWith('hidden_states.') && Object.keys(header).some(n => n.startsWith('resid_') && bytes(n).equals(bytes(name)));
}

// The names and their order are in hook-graph.json for every block; values of later blocks are kept where layers differ.
function minor(name) {
    return /^(hf_logits|loss_per_token|unembed\.hook_out)$/.test(name) || /^blocks\.[1-9]\d*\.(?!attn\.hook_(rot_k|pattern|z)$|hook_(attn_out|mlp_out|resid_post)$)/.test(name);
}

function trim(file, drops) {
    const { header, data } = read(file);
    const bytes = name => data.subarray(...header[name].data_offsets);
    const kept = {};
    const parts = [];
    let offset = 0;
    for (const name of Object.keys(header)) {
        if (name === '__metadata__') {
            kept[name] = header[name];
            continue;
        }

        if (!drops(name, header, bytes)) {
            parts.push(bytes(name));
            kept[name] = { ...header[name], data_offsets: [offset, offset += bytes(name).length] };
        }
    }

    write(file, kept, Buffer.concat(parts));
}

function planes(file) {
    const bytes = fs.readFileSync(file);
    const start = 8 + Number(bytes.readBigUInt64LE(0));
    const words = (bytes.length - start) >> 2;
    const stored = Buffer.from(bytes);
    for (let plane = 0; plane < 4; plane++) {
        for (let word = 0; word < words; word++) {
            stored[start + plane * words + word] = bytes[start + 4 * word + plane];
        }
    }

    fs.writeFileSync(`${file}.planes`, stored);
    fs.unlinkSync(file);
}

if (verb === 'prepare') {
    const golden = path.join(target, 'golden.safetensors');
    if (fs.existsSync(golden)) {
        trim(golden, repeats);
    }

    for (const name of ['unprocessed.safetensors', 'processed.safetensors'].filter(n => fs.existsSync(path.join(target, n)))) {
        trim(path.join(target, name), minor);
    }

    for (const name of fs.readdirSync(target).filter(n => n.endsWith('.safetensors'))) {
        planes(path.join(target, name));
    }
} else if (verb === 'compress') {
    const plain = fs.readFileSync(0);
    fs.writeFileSync(target, zlib.brotliCompressSync(plain, {
        params: {
            [zlib.constants.BROTLI_PARAM_QUALITY]: 11,
            [zlib.constants.BROTLI_PARAM_LGWIN]: 24,
            [zlib.constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
        },
    }));
} else {
    throw new Error(`pack-fixture.mjs: '${verb}' is neither prepare nor compress`);
}
