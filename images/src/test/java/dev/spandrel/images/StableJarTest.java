package dev.spandrel.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StableJarTest {
    @TempDir
    Path temp;

    @Test
    void keysCountedByTheOrderOfThreadsBecomeTheSame() throws Exception {
        Path first = jar("first.jar", "proxykey7", "proxykey103");
        Path second = jar("second.jar", "proxykey31", "proxykey2");
        StableJar.stabilize(first);
        StableJar.stabilize(second);
        assertThat(first).hasSameBinaryContentAs(second);
    }

    @Test
    void whoMeansTheSameKeyStillDoes() throws Exception {
        StableJar stable = new StableJar();
        assertThat(says(stable.rename(type("proxykey7")))).isEqualTo("proxykey0");
        assertThat(says(stable.rename(type("proxykey103")))).isEqualTo("proxykey1");
        assertThat(says(stable.rename(type("proxykey7")))).isEqualTo("proxykey0");
        assertThat(says(stable.rename(type("my proxykey7")))).isEqualTo("my proxykey7");
    }

    private Path jar(String name, String one, String other) throws IOException {
        Path jar = temp.resolve(name);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            String[] keys = {one, other, one};
            for (int i = 0; i < keys.length; i++) {
                JarEntry entry = new JarEntry("C" + i + ".class");
                entry.setTime(0);
                out.putNextEntry(entry);
                out.write(type(keys[i]));
            }
        }
        return jar;
    }

    /** A class with a constant, a long and a method {@code say} that returns the text. */
    private static byte[] type(String text) {
        return ClassFile.of()
                .build(
                        ClassDesc.of("C"),
                        type -> type.withMethodBody(
                                "say",
                                MethodTypeDesc.of(ConstantDescs.CD_String),
                                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                code -> code.loadConstant(1L << 40)
                                        .pop2()
                                        .loadConstant(text)
                                        .areturn()));
    }

    private static String says(byte[] type) throws Exception {
        Class<?> loaded = new ClassLoader(null) {
            Class<?> define() {
                return defineClass("C", type, 0, type.length);
            }
        }.define();
        return (String) loaded.getMethod("say").invoke(null);
    }
}
