"""What children, young people, families and their forums say: surveys, themes, registers and statements."""
