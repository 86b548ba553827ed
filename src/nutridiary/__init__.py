"""nutridiary: what a food diary says about nutrient intakes, and what it cannot say."""
