package dev.spandrel.images;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;

/**
 * The jar of what Quarkus recorded, the same for the same sources. Quarkus names what one build step hands to another {@code proxykey} and
 * a number, counted in the order in which its threads get there; here they are counted in the order of the classes' names.
 */
final class StableJar {
    private static final Pattern KEY = Pattern.compile("proxykey\\d+");
    private static final int MAGIC = 0xCAFEBABE;

    private final Map<String, String> names = new HashMap<>();

    /** Rewrites the jar in place; times of entries are kept. */
    static void stabilize(Path jar) throws IOException {
        StableJar stable = new StableJar();
        TreeMap<String, byte[]> contents = new TreeMap<>();
        Map<String, Long> times = new HashMap<>();
        try (JarInputStream in = new JarInputStream(Files.newInputStream(jar))) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                contents.put(entry.getName(), in.readAllBytes());
                times.put(entry.getName(), entry.getTime());
            }
            if (in.getManifest() != null) {
                throw new IOException(jar + " has a manifest, which would be lost");
            }
        }
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, byte[]> content : contents.entrySet()) {
                JarEntry entry = new JarEntry(content.getKey());
                entry.setTime(times.get(content.getKey()));
                out.putNextEntry(entry);
                out.write(entry.getName().endsWith(".class") ? stable.rename(content.getValue()) : content.getValue());
            }
        }
    }

    /** A class file with its keys renamed: they are texts of the constant pool, to which nothing refers by position in the file. */
    byte[] rename(byte[] type) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(type));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(type.length);
        DataOutputStream out = new DataOutputStream(bytes);
        if (in.readInt() != MAGIC) {
            throw new IOException("not a class file");
        }
        out.writeInt(MAGIC);
        out.writeInt(in.readInt()); // version
        int count = in.readUnsignedShort();
        out.writeShort(count);
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            out.writeByte(tag);
            switch (tag) {
                case 1 -> out.writeUTF(named(in.readUTF()));
                case 3, 4, 9, 10, 11, 12, 17, 18 -> out.write(in.readNBytes(4));
                case 5, 6 -> {
                    out.write(in.readNBytes(8));
                    i++; // long and double take two places
                }
                case 7, 8, 16, 19, 20 -> out.write(in.readNBytes(2));
                case 15 -> out.write(in.readNBytes(3));
                default -> throw new IOException("constant of unknown kind " + tag);
            }
        }
        in.transferTo(out);
        return bytes.toByteArray();
    }

    private String named(String text) {
        return KEY.matcher(text).matches() ? names.computeIfAbsent(text, _ -> "proxykey" + names.size()) : text;
    }
}
